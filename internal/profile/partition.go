package profile

import (
	"net/url"
	"strings"
)

// partition is one of AWS's separate clouds. An ARN names its partition in
// its second field; a region belongs to exactly one.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
type partition struct {
	name string
	// prefixes begin the names of its regions, with spaces between.
	prefixes string
	// region is where STS is called when nothing says otherwise.
	region string
	// suffixes end its host names, plain and dual-stack.
	suffixes [2]string
}

const commercial = "aws"

// partitions lists AWS's clouds, as botocore's partitions.json does. The
// commercial one takes every region that no other claims, so it comes last.
func partitions() [8]partition {
	return [...]partition{
		{"aws-cn", "cn-", "cn-north-1", [2]string{"amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
		{"aws-us-gov", "us-gov-", "us-gov-west-1", [2]string{"amazonaws.com", "api.aws"}},
		{"aws-eusc", "eusc-", "eusc-de-east-1", [2]string{"amazonaws.eu", "api.amazonwebservices.eu"}},
		{"aws-iso", "us-iso-", "us-iso-east-1", [2]string{"c2s.ic.gov", "api.aws.ic.gov"}},
		{"aws-iso-b", "us-isob-", "us-isob-east-1", [2]string{"sc2s.sgov.gov", "api.aws.scloud"}},
		{"aws-iso-e", "eu-isoe-", "eu-isoe-west-1", [2]string{"cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}},
		{"aws-iso-f", "us-isof-", "us-isof-south-1", [2]string{"csp.hci.ic.gov", "api.aws.hci.ic.gov"}},
		{commercial, "us- eu- ap- sa- ca- me- af- il- mx- " + globalRegion, "us-east-1", [2]string{"amazonaws.com", "api.aws"}},
	}
}

// partitionOf returns the partition of a region, and whether the region's
// name is one that AWS's naming covers.
func partitionOf(region string) (name string, known bool) {
	for _, p := range partitions() {
		for prefix := range strings.SplitSeq(p.prefixes, " ") {
			if strings.HasPrefix(region, prefix) {
				return p.name, true
			}
		}
	}
	return commercial, false
}

// defaultRegion is where a partition's STS is called when no region is known.
func defaultRegion(name string) string { return partitionNamed(name).region }

// partitionNamed returns a partition; of a name that is none, the commercial
// one.
func partitionNamed(name string) partition {
	for _, p := range partitions() {
		if p.name == name {
			return p
		}
	}
	return partitionNamed(commercial)
}

// OfAWS reports whether the endpoint is AWS's own, VPC endpoints included, and
// no look-alike's or a test's.
func (e Endpoint) OfAWS() bool {
	if e.URL == "" {
		return true
	}
	u, err := url.Parse(e.URL)
	return err == nil && isAWSHost(u.Hostname())
}

// isAWSHost reports whether a host name lies in one of AWS's domains.
func isAWSHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range partitions() {
		for _, suffix := range p.suffixes {
			if host == suffix || strings.HasSuffix(host, "."+suffix) {
				return true
			}
		}
	}
	return false
}
