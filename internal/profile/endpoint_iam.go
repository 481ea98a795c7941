package profile

import "slices"

// addFurther says how the services are reached that the request names besides
// STS: those that have one endpoint in a partition, and one region that signs
// for it.
func (r *resolver) addFurther(chain *Chain, way *route) error {
	if len(r.req.Services) == 0 {
		return nil
	}
	urls, err := r.serviceURLs(way.asked)
	if err != nil {
		return err
	}
	chain.Services = map[string]Endpoint{}
	for service, host := range globalHosts() {
		if !slices.Contains(r.req.Services, service) {
			continue
		}
		e := chain.STS
		e.Region, e.Legacy = iamRegion(partitionNamed(e.Partition), e.FIPS), false
		if err := e.setURL(urls(service), host); err != nil {
			return err
		}
		chain.Services[service] = e
	}
	if slices.Contains(r.req.Services, consoleService) {
		return addConsole(chain, urls(consoleService))
	}
	return nil
}

func globalHosts() map[string]hostRule { return map[string]hostRule{"iam": iamHost} }

// iamRegion is the region that signs for IAM in a partition, and for an
// endpoint that was given, too. By AWS's rules China has another one for FIPS.
func iamRegion(p partition, fips bool) string {
	if p.name == "aws-cn" && fips {
		return "cn-northwest-1"
	}
	return p.region
}

// iamHost is the rule of IAM (https://docs.aws.amazon.com/general/latest/gr/iam-service.html
// has the hosts that exist). In GovCloud the plain host is the FIPS one.
func iamHost(p partition, _ string, fips, dual bool) string {
	host, suffix := "iam", p.suffixes[0]
	if fips && p.name != "aws-us-gov" {
		host += "-fips"
	}
	if place := iamPlace(p, fips, dual); place != "" {
		host += "." + place
	}
	if dual {
		suffix = p.suffixes[1]
	}
	return host + "." + suffix
}

// iamPlace is what stands between the service and the domain; empty where AWS's
// rules know no place of IAM's for the variant.
func iamPlace(p partition, fips, dual bool) string {
	places := map[string][4]string{ // plain, FIPS, dual-stack, both
		commercial:   {"", "", "global", "global"},
		"aws-cn":     {"cn-north-1", "", "global", ""},
		"aws-us-gov": {"us-gov", "us-gov", "us-gov", "us-gov"},
		"aws-eusc":   {"eusc-de-east-1"},
		"aws-iso":    {"us-iso-east-1", "us-iso-east-1"},
		"aws-iso-b":  {"us-isob-east-1", "us-isob-east-1"},
		"aws-iso-e":  {"eu-isoe-west-1"},
		"aws-iso-f":  {"us-isof-south-1"},
	}
	variant := 0
	if fips {
		variant++
	}
	if dual {
		variant += 2
	}
	return places[p.name][variant]
}
