package profile

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// region is the flag's, the variables', the profile's own. Inside a session
// of this tool the variables are that session's, so the profile's comes
// before them. It is never a source profile's. Where a FIPS pseudo-region was
// given, that is returned beside the region it stands for.
func (r *resolver) region(asked member) (region, pseudo given, err error) {
	variable := firstSet(r.env("AWS_REGION"), r.env("AWS_DEFAULT_REGION"))
	own, flag := asked.get("region"), r.flag("--region", r.req.Overrides.Region)
	region = firstSet(flag, variable, own)
	if r.req.Inside != "" {
		region = firstSet(flag, own, variable)
	}
	if !region.isSet() {
		return region, pseudo, nil
	}
	if plain, is := fipsPseudoRegion(region.Text); is {
		pseudo, region.Text = region, plain
		r.note(asked.name, pseudo.where()+" "+pseudo.Text+" means "+plain+" with use_fips_endpoint = true")
	}
	return region, pseudo, checkRealRegion(region)
}

// checkRealRegion wants a region's name. AWS's data has more pseudo-regions
// (aws-cn-global), and STS is in none of them but aws-global.
func checkRealRegion(g given) error {
	if err := checkRegion(g); err != nil {
		return err
	}
	name, pseudo := strings.CutSuffix(g.Text, "-global")
	if !pseudo || g.Text == globalRegion {
		return nil
	}
	return g.invalid("%q is a pseudo-region without an STS", g.Text).Fix("write one such as %s", defaultRegion(name))
}

// globalRegion stands for the global endpoint itself.
const globalRegion = "aws-global"

// place settles the region, its partition and the global endpoint, and holds
// the roles to the partition.
func (e endpointReader) place(way *route, region given) error {
	if e.sts.Region == "" {
		e.sts.Region = defaultRegion(way.partition())
	}
	name, known := partitionOf(e.sts.Region)
	if p := way.partition(); !known && p != "" {
		name = p
	}
	e.sts.Partition = name
	e.sts.Legacy = e.sts.Region == globalRegion || e.sts.Legacy && hasGlobal(e.sts.Region)
	e.sts.Legacy = e.sts.Legacy && e.sts.URL == "" && !e.sts.FIPS && !e.sts.DualStack
	if e.sts.Legacy || e.sts.Region == globalRegion {
		e.sts.Region = defaultRegion(commercial)
	}
	if e.sts.URL != "" {
		return nil
	}
	return way.checkPartition(name, known, region)
}

// roleARNs are the ARNs of all roles of the route, innermost first.
func (w *route) roleARNs() []given {
	var all []given
	if own := w.source.Role; own != nil {
		arn := Value{Text: own.RoleARN, Origin: own.Settings["role_arn"]}
		if arn.Text == "" {
			arn = w.source.Settings["saml_principal_arn"] // of the role's partition
		}
		all = append(all, given{Value: arn, profile: own.Profile})
	}
	for _, role := range w.roles {
		role.arn.profile = role.name
		all = append(all, role.arn)
	}
	return all
}

// partition is that of the roles, or of whatever else names one.
func (w *route) partition() string {
	for _, arn := range w.roleARNs() {
		if arn.isSet() {
			return partitionOfARN(arn.Text)
		}
	}
	return partitionOfARN(w.base.get("mfa_serial").Text)
}

// checkPartition refuses what cannot work: credentials never cross from one
// partition to another.
func (w *route) checkPartition(partition string, known bool, region given) error {
	for _, arn := range w.roleARNs() {
		theirs := partitionOfARN(arn.Text)
		if theirs == partition || !known || !arn.isSet() {
			continue
		}
		err := fault.New(fault.InvalidValue, "the role is of the partition %s, and STS would be called in %s", theirs, partition).
			In(arn.profile).At(arn.Origin)
		if region.isSet() {
			return err.Fix("%s says %s: give a region of %s", region.where(), region.Text, theirs)
		}
		return err.Fix("credentials work in one partition only: change the role or its source")
	}
	return nil
}

// hasGlobal reports whether "legacy" means the global endpoint in a region:
// the ones that existed before regional endpoints did.
func hasGlobal(region string) bool {
	return slices.Contains(strings.Fields(`ap-northeast-1 ap-south-1 ap-southeast-1 ap-southeast-2
		ca-central-1 eu-central-1 eu-north-1 eu-west-1 eu-west-2 eu-west-3 sa-east-1
		us-east-1 us-east-2 us-west-1 us-west-2`), region)
}
