package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// addServices says how the services are reached that the source itself asks:
// IAM Identity Center's in sso_region, sign-in's in the region of the login.
// The overrides are those of every service
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html),
// and what chain.STS says of the network holds for them as well.
func (r *resolver) addServices(chain *Chain, way *route) error {
	hosts, region := ssoHosts(), chain.Source.Settings["sso_region"].Text
	switch chain.Source.Kind {
	case SSO:
	case Login:
		hosts, region = signinHosts(), loginRegion(chain, way)
	default:
		return nil
	}
	urls, err := r.serviceURLs(way.asked)
	if err != nil {
		return err
	}
	chain.Source.Endpoints = map[string]Endpoint{}
	for service, host := range hosts {
		e := chain.STS
		e.Region, e.Legacy = region, false
		e.Partition, _ = partitionOf(region)
		if err := e.setURL(urls(service), host); err != nil {
			return err
		}
		chain.Source.Endpoints[service] = e
	}
	return nil
}

// loginRegion is where `aws login` was called: the profile's own region, if it
// has one.
func loginRegion(chain *Chain, way *route) string {
	region := firstSet(way.base.get("region"), given{Value: Value{Text: chain.Region}}).Text
	if region == "" || region == globalRegion || checkRegion(given{Value: Value{Text: region}}) != nil {
		return defaultRegion(partitionOfARN(chain.Source.Settings["login_session"].Text))
	}
	return region
}

// serviceURLs reads the overrides of services' endpoints; the function returns
// the one of a service by its name in files, not set where there is none.
func (r *resolver) serviceURLs(asked member) (func(service string) given, error) {
	ignore, err := parseBool(firstSet(r.callersEnv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"), asked.get("ignore_configured_endpoint_urls")))
	if err != nil || ignore {
		return func(string) given { return given{} }, err
	}
	section, err := r.services(asked)
	if err != nil {
		return nil, err
	}
	return func(service string) given {
		own := given{Value: section[service], name: service + ".endpoint_url", profile: asked.name}
		return firstSet(r.callersEnv(serviceVariable(service)), r.callersEnv("AWS_ENDPOINT_URL"), own, asked.get("endpoint_url"))
	}, nil
}

// setURL settles the address, so that FIPS and DualStack need not be known
// any more.
func (e *Endpoint) setURL(override given, host hostRule) error {
	if err := checkURL(override); err != nil {
		return err
	}
	fips, dual := e.FIPS, e.DualStack
	e.FIPS, e.DualStack = false, false
	if !override.isSet() {
		e.URL = "https://" + host(partitionNamed(e.Partition), e.Region, fips, dual)
		return nil
	}
	e.URL = strings.TrimRight(override.Text, "/")
	return e.refuseVariants(override, fips || dual)
}

// refuseVariants refuses FIPS or dual-stack beside an endpoint that was given.
func (e *Endpoint) refuseVariants(override given, variants bool) error {
	if variants {
		return fault.New(fault.InvalidValue, "%s %s cannot be combined with FIPS or dual-stack", override.name, override.Text).
			In(override.profile).At(override.Origin).Fix("unset one of the two")
	}
	return nil
}

// hostRule makes the name of a service's host, as the service's
// endpoint-rule-set does.
type hostRule func(p partition, region string, fips, dual bool) string

func ssoHosts() map[string]hostRule {
	return map[string]hostRule{"sso": ssoHost("portal.sso"), "sso_oidc": ssoHost("oidc")}
}

func signinHosts() map[string]hostRule { return map[string]hostRule{"signin": signinHost} }

// ssoHost is the rule of Identity Center: in GovCloud the plain host is the
// FIPS one.
func ssoHost(service string) hostRule {
	return func(p partition, region string, fips, dual bool) string {
		if fips && !dual && p.name == "aws-us-gov" {
			fips = false
		}
		return p.host(service, region, fips, dual)
	}
}

// signinHost is the rule of sign-in, whose plain hosts are the console's where
// that has a domain of its own.
func signinHost(p partition, region string, fips, dual bool) string {
	console := map[string]string{
		commercial:   ".signin.aws.amazon.com",
		"aws-cn":     ".signin.amazonaws.cn",
		"aws-us-gov": ".signin.amazonaws-us-gov.com",
		"aws-eusc":   ".signin.amazonaws-eusc.eu",
	}[p.name]
	if fips || dual || console == "" {
		return p.host("signin", region, fips, dual)
	}
	return region + console
}

// host is AWS's common form of a regional host.
func (p partition) host(service, region string, fips, dual bool) string {
	if fips {
		service += "-fips"
	}
	suffix := p.suffixes[0]
	if dual {
		suffix = p.suffixes[1]
	}
	return strings.Join([]string{service, region, suffix}, ".")
}
