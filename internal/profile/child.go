package profile

import (
	"maps"
	"slices"
	"strings"

	"assume-role/internal/creds"
)

// childSettings are the settings of the profile asked for that a child can
// be told by a variable. It no longer knows the profile's name.
func childSettings() [9]struct{ variable, key string } {
	return [...]struct{ variable, key string }{
		{"AWS_ENDPOINT_URL", "endpoint_url"},
		{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"},
		{"AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"},
		{"AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"},
		{"AWS_CA_BUNDLE", "ca_bundle"},
		{"AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints"},
		{"AWS_RETRY_MODE", "retry_mode"},
		{"AWS_MAX_ATTEMPTS", "max_attempts"},
		{"AWS_DEFAULT_OUTPUT", "output"},
	}
}

// addChild fills in what a child needs of the profile's other settings, each
// where the caller's environment does not say it already.
func (r *resolver) addChild(chain *Chain, way *route) error {
	for _, s := range childSettings() {
		r.tell(chain, s.variable, r.childText(chain, s.key, way.asked.get(s.key)))
	}
	if err := r.tellServices(chain, way.asked); err != nil {
		return err
	}
	if err := checkURL(way.asked.get("endpoint_url")); err != nil {
		return err
	}
	slices.SortStableFunc(chain.Child, func(a, b creds.Variable) int { return strings.Compare(a.Name, b.Name) })
	chain.Child = slices.CompactFunc(chain.Child, func(a, b creds.Variable) bool { return a.Name == b.Name })
	return r.warnOfDefault(chain, way)
}

// tell gives the child a variable, unless it has no value or the caller has
// set it.
func (r *resolver) tell(chain *Chain, variable, text string) {
	if text != "" && !r.callersEnv(variable).isSet() {
		chain.Child = append(chain.Child, creds.Variable{Name: variable, Value: creds.Secret(text)})
	}
}

// tellServices gives the child the endpoints of single services, before which
// the caller's one for all services comes.
func (r *resolver) tellServices(chain *Chain, asked member) error {
	services, err := r.services(asked)
	if err != nil {
		return err
	}
	for _, service := range slices.Sorted(maps.Keys(services)) {
		v := services[service]
		if err := checkURL(given{Value: v, name: service + ".endpoint_url", profile: asked.name}); err != nil {
			return err
		}
		if name := serviceVariable(service); isVariable(name) && !r.callersEnv("AWS_ENDPOINT_URL").isSet() {
			r.tell(chain, name, v.Text)
		}
	}
	return nil
}

// childText is a setting as the child is told it: true and false are spelt as
// every SDK reads them, a path holds from any folder, and FIPS may be on by the
// region's name alone.
func (r *resolver) childText(chain *Chain, key string, g given) string {
	switch key {
	case "ca_bundle":
		return r.absolute(g.Text)
	case "use_fips_endpoint":
		if chain.STS.FIPS {
			return "true"
		}
	}
	if strings.EqualFold(g.Text, "true") || strings.EqualFold(g.Text, "false") {
		return strings.ToLower(g.Text)
	}
	return g.Text
}

// serviceVariable is the variable of a service's endpoint.
func serviceVariable(service string) string {
	return "AWS_ENDPOINT_URL_" + strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(service), " ", "_"), "-", "_")
}

// isVariable reports whether shells take the name for a variable's; a section
// may call a service what no service is called.
func isVariable(name string) bool {
	return strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// warnOfDefault notes an endpoint in [default]: the child knows no profile, so
// its SDK reads that one.
func (r *resolver) warnOfDefault(chain *Chain, way *route) error {
	if way.asked.name == defaultProfile || !r.cfg.Has(defaultProfile) || r.endpointsSettled(chain) {
		return nil
	}
	section, err := r.cfg.Profile(defaultProfile)
	if err != nil {
		// What is wrong with [default] is not this chain's business.
		return nil
	}
	if endpoint := r.endpointLeft(chain, member{name: defaultProfile, section: section}); endpoint.isSet() {
		r.note(defaultProfile, "the program will use its "+endpoint.where()+", since no variable says otherwise")
	}
	return nil
}

// endpointLeft is an endpoint of a profile that no variable keeps the child
// from using.
func (r *resolver) endpointLeft(chain *Chain, m member) given {
	if ignore, _ := parseBool(m.get("ignore_configured_endpoint_urls")); ignore {
		return given{}
	}
	endpoint := m.get("endpoint_url")
	services, _ := r.services(m)
	for _, service := range slices.Sorted(maps.Keys(services)) {
		if r.told(chain, serviceVariable(service)) == "" {
			endpoint = firstSet(endpoint, given{Value: services[service], name: service + ".endpoint_url"})
		}
	}
	return endpoint
}

// endpointsSettled reports whether variables already keep the child from
// reading endpoints of [default].
func (r *resolver) endpointsSettled(chain *Chain) bool {
	return r.told(chain, "AWS_ENDPOINT_URL") != "" || strings.EqualFold(r.told(chain, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true")
}

// told is what the child will find in a variable.
func (r *resolver) told(chain *Chain, name string) string {
	for _, v := range chain.Child {
		if v.Name == name {
			return v.Value.Reveal()
		}
	}
	return r.callersEnv(name).Text
}
