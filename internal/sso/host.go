package sso

import (
	"net/url"
	"slices"
	"strings"
)

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// ofAWS reports whether a host is one of those where AWS has people sign in:
// the portals, and Identity Center's own services. Other names below AWS's
// domains may be anybody's machine.
func ofAWS(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, portal := range []string{"awsapps.com", "awsapps.cn", "app.aws", "portal.amazonaws.com", "portal.amazonaws.com.cn"} {
		if strings.HasSuffix(host, "."+portal) {
			return true
		}
	}
	if host == "identitycenter.amazonaws.com" || host == "identitycenter.amazonaws.com.cn" {
		return true
	}
	for _, service := range []string{"oidc.", "oidc-fips.", "device.sso.", "device.sso-fips."} {
		region, suffix, _ := strings.Cut(strings.TrimPrefix(host, service), ".")
		if strings.HasPrefix(host, service) && strings.Contains(region, "-") && slices.Contains(suffixes(), suffix) {
			return true
		}
	}
	return false
}

// suffixes are what follows the region in the names of AWS's regional hosts.
func suffixes() []string {
	return []string{
		"amazonaws.com", "api.aws", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "amazonaws.eu", "api.amazonwebservices.eu",
		"c2s.ic.gov", "sc2s.sgov.gov", "cloud.adc-e.uk", "csp.hci.ic.gov",
	}
}

// regionOf is the region in a portal's host; "" where it names none.
func regionOf(host string) string {
	labels := strings.Split(strings.ToLower(host), ".")
	switch {
	case len(labels) == 5 && labels[1] == "portal" && strings.HasSuffix(host, ".app.aws"):
		return labels[2]
	case len(labels) >= 5 && labels[2] == "portal" && strings.Contains(host, ".portal.amazonaws.com"):
		return labels[1]
	}
	return ""
}
