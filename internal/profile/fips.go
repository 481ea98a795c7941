package profile

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// fipsRegions are the regions in which STS has a FIPS 140 endpoint, as AWS
// lists them under https://aws.amazon.com/compliance/fips/ (botocore's
// endpoints.json has the same ones). In GovCloud it is the plain host. AWS's
// endpoint rules make a name for every other region as well, and no host
// answers to it.
func fipsRegions() []string {
	return strings.Fields("us-east-1 us-east-2 us-west-1 us-west-2 us-gov-east-1 us-gov-west-1")
}

// CheckFIPS refuses an endpoint that must be a FIPS one where STS has none:
// no other host may stand in for it.
func (e Endpoint) CheckFIPS() *fault.Error {
	if !e.FIPS || e.URL != "" || slices.Contains(fipsRegions(), e.Region) {
		return nil
	}
	err := fault.New(fault.InvalidValue, "STS has no FIPS endpoint in %s, and FIPS is on", e.Region)
	if own := e.fipsInPartition(); len(own) > 0 {
		return err.Fix("give a region that has one (%s), or turn FIPS off", strings.Join(own, ", "))
	}
	return err.Fix("the partition %s has none at all: turn FIPS off", e.Partition)
}

// fipsInPartition are the regions of the endpoint's partition that have one.
func (e Endpoint) fipsInPartition() []string {
	return slices.DeleteFunc(fipsRegions(), func(region string) bool {
		name, _ := partitionOf(region)
		return name != e.Partition
	})
}

// fipsPseudoRegion takes a FIPS pseudo-region apart: fips-us-east-1 and
// us-east-1-fips mean us-east-1 with FIPS on, as botocore and the Go SDK read
// them.
func fipsPseudoRegion(name string) (region string, is bool) {
	if !strings.Contains(name, "fips") {
		return name, false
	}
	region = strings.NewReplacer("-fips-", "-", "fips-", "", "-fips", "").Replace(name)
	return region, region != name && region != ""
}

// checkFIPS refuses a chain that has to call STS where that has no FIPS
// endpoint. One that calls nothing may go on: its credentials are good for
// services that have one.
func (r *resolver) checkFIPS(chain *Chain, way *route) error {
	calls := chain.Source.Role != nil || slices.ContainsFunc(chain.Calls, func(c Call) bool { return !c.Conditional })
	if err := chain.STS.CheckFIPS(); calls && err != nil {
		return err.In(way.asked.name).At(chain.Settings["use_fips_endpoint"]).At(chain.Settings["region"])
	}
	return nil
}
