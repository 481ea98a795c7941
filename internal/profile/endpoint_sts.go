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
