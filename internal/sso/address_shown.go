package sso

import (
	"context"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"assume-role/internal/bearer"
)

// presentable refuses an address that no person should sign in at, and
// reports whether it may be opened for them, too: one of AWS's, or of a host
// that the user trusts.
func (s *Session) presentable(ctx context.Context, address string) (opens bool, err error) {
	u, err := url.Parse(address)
	switch sound := err == nil && plain(u, address); {
	case sound && u.Scheme == "https":
		return ofAWS(u.Hostname()) || s.trusts(u), nil
	case sound && u.Scheme == "http":
		return true, bearer.Check(ctx, address, s.Trusted)
	case strings.HasPrefix(strings.ToLower(address), "https:"):
		return false, s.misleading(address)
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
