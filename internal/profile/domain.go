package profile

import "strings"

// SplitDomain splits a host name of AWS's into what stands before the domain
// and the region that signs for the services of that domain's partition that
// have no region of their own. ok is false for a host of anybody else.
func SplitDomain(host string) (before, global string, ok bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, p := range partitions() {
		for _, suffix := range p.suffixes {
			rest, found := strings.CutSuffix(host, "."+suffix)
			switch {
			case !found, rest == "":
			case p.name == "aws-us-gov" && !strings.Contains(rest[strings.LastIndexByte(rest, '.')+1:], "us-gov"): // the commercial one has the same domains
			case p.name == "aws-cn":
				return rest, "cn-northwest-1", true
			default:
				return rest, p.region, true
			}
		}
	}
	return "", "", false
}
