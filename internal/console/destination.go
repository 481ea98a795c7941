package console

import (
	"net/url"
	"strings"

	"assume-role/internal/fault"
)

// Home is the address of a service's page, in a region; of the console's own
// home where no service is named. Without a region the console shows the one
// that the browser had last.
func (s Site) Home(service Service, region string) string {
	path, fragment, _ := strings.Cut(service.Path, "#")
	if path == "" {
		path = "console/home"
	}
	u := url.URL{Scheme: "https", Host: s.Console, Path: "/" + path, Fragment: fragment}
	if region == "" {
		return u.String()
	}
	if !service.Global {
		u.Host = region + "." + s.Console
	}
	u.RawQuery = url.Values{"region": {region}}.Encode()
	return u.String()
}

// Destination holds an address that was given to pages of the site's console,
// and returns it as it is sent: a link must not lead a browser that it has just
// signed in to anywhere else. The error is a *fault.Error.
func (s Site) Destination(text string) (string, error) {
	refused := func(why string) (string, error) {
		return "", fault.New(fault.InvalidValue, "--destination %s", why).
			Fix("give an address such as %s", s.Home(Service{}, ""))
	}
	// What browsers and net/url read in different ways.
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == '\\' || r >= 0x7f }) {
		return refused("holds a blank, a backslash or what is not ASCII")
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Opaque != "":
		return refused("is no address")
	case u.Scheme != "https":
		return refused("is not https")
	case u.User != nil:
		return refused("holds a user name")
	case u.Port() != "" && u.Port() != "443" || strings.HasSuffix(u.Host, ":"):
		return refused("names a port")
	case !s.ofConsole(u.Hostname()):
		return refused("is no page of the console of the partition " + s.Partition + ", which is in " + s.Console)
	}
	u.Host = strings.ToLower(u.Hostname())
	return u.String(), nil
}

// ofConsole reports whether a host is the console's domain or in it.
func (s Site) ofConsole(host string) bool {
	host = strings.ToLower(host)
	sub, in := strings.CutSuffix(host, s.Console)
	if !in || sub == "" {
		return in
	}
	labels, dotted := strings.CutSuffix(sub, ".")
	if !dotted {
		return false
	}
	for label := range strings.SplitSeq(labels, ".") {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

// isLabel takes letters, digits and hyphens: what a host of AWS's is made of.
func isLabel(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}
