package profile

import "strings"

// STSAddress is the address of STS at an endpoint that is STS's: the one that
// was given, else the region's own, also where the global endpoint would be
// called (https://docs.aws.amazon.com/general/latest/gr/sts.html).
func (e Endpoint) STSAddress() string {
	if e.URL != "" {
		return strings.TrimRight(e.URL, "/")
	}
	return "https://" + ssoHost("sts")(partitionNamed(e.Partition), e.Region, e.FIPS, e.DualStack)
}

// STSCalls is where calls to STS go: STSAddress, or the global endpoint where
// sts_regional_endpoints = legacy asks for it
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
// It is empty where a FIPS or dual-stack endpoint is wanted of one that was
// given: nobody can tell whether it is.
func (e Endpoint) STSCalls() string {
	variant := e.FIPS || e.DualStack
	switch {
	case variant && e.URL != "":
		return ""
	case e.Legacy && !variant && e.URL == "" && hasGlobal(e.Region):
		return "https://sts.amazonaws.com"
	}
	return e.STSAddress()
}
