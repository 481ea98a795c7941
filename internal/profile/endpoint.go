package profile

import (
	"net/url"
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// addEndpoint fills in the child's region and how STS is reached.
func (r *resolver) addEndpoint(chain *Chain, way *route) error {
	region, err := r.region(way.asked)
	if err != nil {
		return err
	}
	chain.Region = region.Text
	chain.record(region)
	e := endpointReader{resolver: r, asked: way.asked, sts: &chain.STS}
	e.sts.Region = region.Text
	if err := e.read(); err != nil {
		return err
	}
	return e.place(way, region)
}

// region is the flag's, the variables', the profile's own. Inside a session
// of this tool the variables are that session's, so the profile's comes
// before them. It is never a source profile's.
func (r *resolver) region(asked member) (given, error) {
	variable := firstSet(r.env("AWS_REGION"), r.env("AWS_DEFAULT_REGION"))
	own, flag := asked.get("region"), r.flag("--region", r.req.Overrides.Region)
	g := firstSet(flag, variable, own)
	if r.req.Inside != "" {
		g = firstSet(flag, own, variable)
	}
	if !g.isSet() {
		return g, nil
	}
	return g, checkRegion(g)
}

// endpointReader reads the settings of AWS's endpoints and of the calls to
// them, each from its variable or from the profile asked for.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
type endpointReader struct {
	*resolver
	asked member
	sts   *Endpoint
}

func (e endpointReader) read() error {
	e.sts.CABundle = e.configured("AWS_CA_BUNDLE", "ca_bundle").Text
	return runAll(e.url, e.variants, e.regional, e.retries)
}

// configured returns the variable, else the profile's setting.
func (e endpointReader) configured(variable, key string) given {
	return firstSet(e.callersEnv(variable), e.asked.get(key))
}

func (e endpointReader) url() error {
	ignore, err := parseBool(e.configured("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
	if err != nil || ignore {
		return err
	}
	inFile, err := e.stsURL(e.asked)
	if err != nil {
		return err
	}
	g := firstSet(e.callersEnv("AWS_ENDPOINT_URL_STS"), e.callersEnv("AWS_ENDPOINT_URL"), inFile)
	e.sts.URL = g.Text
	return checkURL(g)
}

// stsURL is the profile's endpoint for STS: its services section's, else its
// own for all services.
func (r *resolver) stsURL(m member) (given, error) {
	services, err := r.services(m)
	if err != nil {
		return given{}, err
	}
	own := given{Value: services["sts"], name: "endpoint_url", profile: m.name}
	return firstSet(own, m.get("endpoint_url")), nil
}

// services returns the endpoints of the profile's services section, by the
// service's name there.
func (r *resolver) services(m member) (map[string]Value, error) {
	name := m.get("services")
	if !name.isSet() {
		return nil, nil
	}
	section, ok := r.cfg.Services(name.Text)
	if !ok {
		return nil, name.invalid("names %q, and there is no section [services %s]", name.Text, name.Text).
			Fix("add the section to the config file, or correct the name")
	}
	found := map[string]Value{}
	for _, service := range section.Keys() {
		if v := section.Sub(service)["endpoint_url"]; v.Text != "" {
			found[service] = v
		}
	}
	return found, nil
}

func checkURL(g given) error {
	if !g.isSet() {
		return nil
	}
	u, err := url.Parse(g.Text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return g.invalid("is not an http or https address").Fix("write it as https://HOST")
	}
	if u.User != nil {
		return g.invalid("holds a user name or a password, which would be shown in messages").Fix("write it as https://HOST")
	}
	return nil
}

func (e endpointReader) variants() error {
	fips := e.configured("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
	dual := e.configured("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
	var err error
	if e.sts.FIPS, err = parseBool(fips); err != nil {
		return err
	}
	if e.sts.DualStack, err = parseBool(dual); err != nil {
		return err
	}
	switch {
	case e.sts.URL == "":
		return nil
	case e.sts.FIPS:
		return fips.invalid("cannot be combined with the endpoint %s", e.sts.URL).Fix("remove one of the two")
	case e.sts.DualStack:
		return dual.invalid("cannot be combined with the endpoint %s", e.sts.URL).Fix("remove one of the two")
	}
	return nil
}

// regional reads whether the global endpoint is wanted where there is one.
func (e endpointReader) regional() error {
	g := e.configured("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints")
	e.sts.Legacy = e.req.Defaults.LegacySTS
	if !g.isSet() {
		return nil
	}
	e.sts.Legacy = g.Text == "legacy"
	return checkChoice(g, "regional", "legacy")
}

func (e endpointReader) retries() error {
	mode := e.configured("AWS_RETRY_MODE", "retry_mode")
	if mode.isSet() {
		if err := checkChoice(mode, "standard", "adaptive", "legacy"); err != nil {
			return err
		}
	}
	e.sts.Adaptive = mode.Text == "adaptive"
	var err error
	e.sts.MaxAttempts, err = parseCount(e.configured("AWS_MAX_ATTEMPTS", "max_attempts"))
	return err
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
		all = append(all, given{Value: Value{Text: own.RoleARN, Origin: own.Settings["role_arn"]}, profile: own.Profile})
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
		return partitionOfARN(arn.Text)
	}
	return partitionOfARN(w.base.get("mfa_serial").Text)
}

// checkPartition refuses what cannot work: credentials never cross from one
// partition to another.
func (w *route) checkPartition(partition string, known bool, region given) error {
	for _, arn := range w.roleARNs() {
		theirs := partitionOfARN(arn.Text)
		if theirs == partition || !known {
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

// keysEndpointElsewhere reports whether the files send STS for these keys to
// a host that is not AWS's own: one that need not know GetSessionToken.
func (r *resolver) keysEndpointElsewhere(way *route) (bool, error) {
	for _, m := range []member{way.base, way.asked} {
		g, err := r.stsURL(m)
		if err != nil {
			return false, err
		}
		if u, err := url.Parse(g.Text); err == nil && u.Host != "" && !isAWSHost(u.Hostname()) {
			return true, nil
		}
	}
	return false, nil
}
