package profile

import (
	"net/url"
	"strconv"
)

// addEndpoint fills in the child's region and how STS is reached.
func (r *resolver) addEndpoint(chain *Chain, way *route) error {
	region, pseudo, err := r.region(way.asked)
	if err != nil {
		return err
	}
	chain.Region = region.Text
	chain.record(region)
	e := endpointReader{resolver: r, asked: way.asked, pseudo: pseudo, chain: chain, sts: &chain.STS}
	e.sts.Region = region.Text
	if err := e.read(); err != nil {
		return err
	}
	return e.place(way, region)
}

// endpointReader reads the settings of AWS's endpoints and of the calls to
// them, each from its variable or from the profile asked for.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.
type endpointReader struct {
	*resolver
	asked member
	// pseudo is the FIPS pseudo-region that was given for the region, if one
	// was.
	pseudo given
	chain  *Chain
	sts    *Endpoint
}

func (e endpointReader) read() error {
	e.caBundle()
	return runAll(e.url, e.variants, e.regional, e.retries)
}

// configured returns the variable, else the profile's setting, and keeps the
// line of that.
func (e endpointReader) configured(variable, key string) given {
	g := firstSet(e.callersEnv(variable), e.asked.get(key))
	e.chain.record(g)
	return g
}

// caBundle reads the file of roots. Without one of AWS's settings it is that
// of Python's requests library, as in the AWS CLI.
func (e endpointReader) caBundle() {
	g := firstSet(e.configured("AWS_CA_BUNDLE", "ca_bundle"), e.env("REQUESTS_CA_BUNDLE"))
	e.sts.CABundle, e.sts.CABundleAt = e.absolute(g.Text), g.Origin
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
	e.chain.record(g)
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

// checkURL holds an endpoint to what a path can be added to.
func checkURL(g given) error {
	u, err := parseAddress(g)
	if err == nil && u != nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "") {
		return g.invalid("holds a query or a fragment").Fix("end it before the ? or #")
	}
	return err
}

// parseAddress reads an http or https address; nil where none is given.
func parseAddress(g given) (*url.URL, error) {
	if !g.isSet() {
		return nil, nil
	}
	u, err := url.Parse(g.Text)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || !isPort(u.Port()) {
		return nil, g.invalid("is not an http or https address").Fix("write it as https://HOST")
	}
	if u.User != nil {
		return nil, g.invalid("holds a user name or a password, which would be shown in messages").Fix("write it as https://HOST")
	}
	return u, nil
}

// isPort takes no port, too: a scheme has its own.
func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return text == "" || err == nil && n > 0
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
	if e.pseudo.isSet() {
		if fips.isSet() && !e.sts.FIPS {
			return e.pseudo.invalid("is %q, which asks for FIPS, and %s says false", e.pseudo.Text, fips.where()).Fix("remove one of the two")
		}
		fips, e.sts.FIPS = e.pseudo, true
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
