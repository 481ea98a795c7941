package profile

import (
	"slices"
	"strings"
)

// addFurther says how the services are reached that the request names besides
// STS.
func (r *resolver) addFurther(chain *Chain, way *route) error {
	if len(r.req.Services) == 0 {
		return nil
	}
	urls, err := r.serviceURLs(way.asked)
	if err != nil {
		return err
	}
	chain.Services = map[string]Endpoint{}
	for _, service := range r.req.Services {
		e := chain.STS
		e.Legacy = false
		if err := e.setGlobal(urls(service)); err != nil {
			return err
		}
		chain.Services[service] = e
	}
	return nil
}

// setGlobal settles where a service is that has one endpoint in a partition, as
// IAM has. AWS's own rules know its host and the region that signs for it; an
// endpoint that was given is signed for in that same region. Dual-stack holds
// where IAM has it, by the endpoint-rule-set of IAM.
func (e *Endpoint) setGlobal(override given) error {
	if err := checkURL(override); err != nil {
		return err
	}
	e.URL = strings.TrimRight(override.Text, "/")
	if !override.isSet() {
		e.DualStack = e.DualStack && slices.Contains([]string{commercial, "aws-cn", "aws-us-gov"}, e.Partition)
		return nil
	}
	e.Region = defaultRegion(e.Partition)
	return e.refuseVariants(override, e.FIPS || e.DualStack)
}
