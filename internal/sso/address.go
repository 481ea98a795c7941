package sso

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// resolved is the start URL that AWS knows. An address of a company's own may
// lead there with one redirect, as for the AWS CLI; what it leads to is AWS's
// and in sso_region.
func (s *Session) resolved(ctx context.Context) (string, error) {
	host := hostOf(s.StartURL)
	switch {
	case !strings.HasPrefix(s.StartURL, "https://") || host == "":
		return "", s.badStart("is not an https address")
	case ofAWS(host), strings.Contains(s.Region, "-iso"): // isolated regions have names of their own
		return s.StartURL, nil
	}
	to, err := s.redirect(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case to == nil:
		return "", s.badStart("is not an access portal of AWS, and does not lead to one")
	case to.Scheme != "https" || !ofAWS(to.Hostname()):
		return "", s.badStart("leads to " + terminal.Visible(to.Scheme+"://"+to.Host) + ", which is not an access portal of AWS")
	}
	if is := regionOf(to.Hostname()); is != "" && is != s.Region {
		return "", s.fail([]string{"sso_region"}, "sso_region is %s, and %s leads to a portal in %s", s.Region, s.StartURL, is).
			Fix("set sso_region to %s", is)
	}
	to.RawQuery, to.Fragment, to.User = "", "", nil
	return strings.TrimRight(to.String(), "/"), nil
}

func (s *Session) badStart(how string) error {
	err := s.fail([]string{"sso_start_url"}, "sso_start_url %s %s", s.StartURL, how).
		Fix("use the AWS access portal URL that IAM Identity Center shows in its settings")
	err.Code = fault.InvalidValue
	return err
}

// redirect asks where a start URL leads; nil where it leads nowhere. Nothing
// secret is sent.
func (s *Session) redirect(ctx context.Context) (*url.URL, error) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		response, err := s.look(ctx, method)
		if err != nil {
			return nil, err
		}
		switch response.StatusCode {
		case http.StatusMethodNotAllowed, http.StatusNotImplemented:
			continue
		case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
			to, err := response.Location()
			if err != nil {
				return nil, s.badStart("redirects to no address")
			}
			return to, nil
		}
		return nil, nil
	}
	return nil, nil
}

// look makes one request of the start URL and follows nothing.
func (s *Session) look(ctx context.Context, method string) (*http.Response, error) {
	c, err := s.Client()
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, s.StartURL, nil)
	if err != nil {
		return nil, s.badStart("is not an https address")
	}
	request.Header.Set("User-Agent", c.UserAgent)
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &bearer.Unreachable{Host: request.URL.Host, Err: err}
	}
	_ = response.Body.Close() // the headers are all there is to see
	return response, nil
}

// presentable refuses an address that no person should sign in at, and
// reports whether it may be opened for them, too: one of AWS's, or of a host
// that the user trusts.
func (s *Session) presentable(ctx context.Context, address string) (opens bool, err error) {
	u, err := url.Parse(address)
	if err == nil && u.Scheme == "https" && !plain(u, address) {
		return false, s.misleading(address)
	}
	sound := err == nil && plain(u, address)
	switch {
	case sound && u.Scheme == "https":
		return ofAWS(u.Hostname()) || s.trusts(u), nil
	case sound && u.Scheme == "http":
		return true, bearer.Check(ctx, address, s.Trusted)
	}
	return false, s.fail(nil, "the address to sign in at, %s, is not https, and is not shown to be opened", shown(address)).
		Fix("check endpoint_url and the proxy")
}

// longestShown is far above what AWS's addresses have, in bytes.
const longestShown = 500

// plain reports whether who reads an address can tell where it leads: in the
// characters of a URI (RFC 3986, section 2), which no letter of another script
// looks like, and with nothing in front of the host.
func plain(u *url.URL, address string) bool {
	other := func(r rune) bool { return r <= ' ' || r > '~' }
	return u.Hostname() != "" && u.User == nil && len(address) <= longestShown && !strings.ContainsFunc(address, other)
}

func (s *Session) misleading(address string) error {
	return s.fail(nil, "the address to sign in at, %s, does not show plainly where it leads, and is not to be opened", shown(address)).
		Fix("check endpoint_url and the proxy")
}

// shown is an address in a message, its letters of other scripts spelled out.
func shown(address string) string {
	quoted := strconv.QuoteToASCII(address[:min(len(address), longestShown)])
	return quoted[1 : len(quoted)-1]
}

func (s *Session) trusts(u *url.URL) bool {
	addr, err := netip.ParseAddr(u.Hostname())
	return slices.Contains(s.Trusted, u.Hostname()) || slices.Contains(s.Trusted, u.Host) || err == nil && addr.IsLoopback()
}

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
