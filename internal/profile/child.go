package profile

import (
	"maps"
	"slices"
	"strings"

	"assume-role/internal/creds"
)

// childSettings are the settings of the profile asked for that a child can
// be told by a variable. It no longer knows the profile's name.
func childSettings() map[string]string {
	return map[string]string{
		"AWS_ENDPOINT_URL":                    "endpoint_url",
		"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "ignore_configured_endpoint_urls",
		"AWS_USE_FIPS_ENDPOINT":               "use_fips_endpoint",
		"AWS_USE_DUALSTACK_ENDPOINT":          "use_dualstack_endpoint",
		"AWS_CA_BUNDLE":                       "ca_bundle",
		"AWS_STS_REGIONAL_ENDPOINTS":          "sts_regional_endpoints",
		"AWS_RETRY_MODE":                      "retry_mode",
		"AWS_MAX_ATTEMPTS":                    "max_attempts",
		"AWS_DEFAULT_OUTPUT":                  "output",
	}
}

// addChild fills in what a child needs of the profile's other settings, each
// where the caller's environment does not say it already.
func (r *resolver) addChild(chain *Chain, way *route) error {
	wanted := map[string]string{}
	for variable, key := range childSettings() {
		wanted[variable] = childText(way.asked.get(key))
	}
	wanted["AWS_CA_BUNDLE"] = r.absolute(wanted["AWS_CA_BUNDLE"])
	if chain.STS.FIPS {
		wanted["AWS_USE_FIPS_ENDPOINT"] = "true" // perhaps by the region's name alone
	}
	services, err := r.services(way.asked)
	if err != nil {
		return err
	}
	for service, v := range services {
		if err := checkURL(given{Value: v, name: service + ".endpoint_url", profile: way.asked.name}); err != nil {
			return err
		}
		if !r.callersEnv("AWS_ENDPOINT_URL").isSet() {
			// The caller's one for all services comes before those of the file.
			wanted[serviceVariable(service)] = v.Text
		}
	}
	if err := checkURL(way.asked.get("endpoint_url")); err != nil {
		return err
	}
	for _, variable := range slices.Sorted(maps.Keys(wanted)) {
		if wanted[variable] != "" && !r.callersEnv(variable).isSet() {
			chain.Child = append(chain.Child, creds.Variable{Name: variable, Value: creds.Secret(wanted[variable])})
		}
	}
	return r.warnOfDefault(chain, way)
}

// childText spells true and false as every SDK reads them.
func childText(g given) string {
	if strings.EqualFold(g.Text, "true") || strings.EqualFold(g.Text, "false") {
		return strings.ToLower(g.Text)
	}
	return g.Text
}

// serviceVariable is the variable of a service's endpoint.
func serviceVariable(service string) string {
	return "AWS_ENDPOINT_URL_" + strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToUpper(service))
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
	m := member{name: defaultProfile, section: section}
	endpoint := m.get("endpoint_url")
	services, _ := r.services(m)
	for _, service := range slices.Sorted(maps.Keys(services)) {
		endpoint = firstSet(endpoint, given{Value: services[service], name: service + ".endpoint_url"})
	}
	if endpoint.isSet() {
		r.note(defaultProfile, "the program will use its "+endpoint.where()+", since no variable says otherwise")
	}
	return nil
}

// endpointsSettled reports whether variables already keep the child from
// reading endpoints of [default].
func (r *resolver) endpointsSettled(chain *Chain) bool {
	told := func(name string) string {
		for _, v := range chain.Child {
			if v.Name == name {
				return v.Value.Reveal()
			}
		}
		return r.callersEnv(name).Text
	}
	return told("AWS_ENDPOINT_URL") != "" || strings.EqualFold(told("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), "true")
}
