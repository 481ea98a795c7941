package bearer

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// lookUpTime is how long finding a host's addresses may take.
const lookUpTime = 5 * time.Second

// Check returns the error with which Guard would refuse what is sent to an
// address, so that nobody is asked for a secret that cannot be sent. What it
// cannot tell, it leaves to Guard.
func Check(ctx context.Context, address string, trusted []string) error {
	return check(ctx, address, newPlainDialer(trusted, nil))
}

func check(ctx context.Context, address string, d plainDialer) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || d.trusts(u.Hostname(), cmp.Or(u.Port(), "80")) {
		return nil
	}
	var no *fault.Error
	if _, err := d.loopback(ctx, u.Hostname()); errors.As(err, &no) {
		return no
	}
	return nil
}

// Guard returns a transport that keeps bearer secrets from being read on the
// way. What goes over https passes as next sends it. Plain http goes to hosts
// whose every address is loopback, and there to no other address than those
// that were looked at, whatever the name stands for a moment later; and to
// those that trusted names, as HOST for all its ports or as HOST:PORT, in any
// case. It never goes through a proxy, which would read it. Anything else is
// refused before a connection is made, with a *fault.Error; it is in the chain
// of the error that http.Client returns.
//
// Following no redirect is the client's part.
func Guard(next *http.Transport, trusted []string) http.RoundTripper {
	return newGuard(next, newPlainDialer(trusted, next.DialContext))
}

func newGuard(next *http.Transport, d plainDialer) guard {
	plain := next.Clone()
	plain.Proxy, plain.DialContext = nil, d.connect
	return guard{secure: next, plain: plain}
}

type guard struct{ secure, plain http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (g guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "https" {
		return g.secure.RoundTrip(r)
	}
	return g.plain.RoundTrip(r)
}

// plainDialer connects to where plain http may go.
type plainDialer struct {
	trusted map[string]bool
	// own connects to this machine.
	own Dialer
}

// newPlainDialer returns one that connects with dial, or by itself where that
// is nil.
func newPlainDialer(trusted []string, dial func(ctx context.Context, network, address string) (net.Conn, error)) plainDialer {
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	return plainDialer{trusted: hosts(trusted), own: Dialer{May: netip.Addr.IsLoopback, Refused: refused, Within: lookUpTime, Dial: dial}}
}

// connect is a transport's DialContext; address is HOST:PORT.
func (d plainDialer) connect(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if d.trusts(host, port) {
		return d.own.Dial(ctx, network, address)
	}
	addresses, err := d.loopback(ctx, host)
	if err != nil {
		return nil, err
	}
	return d.own.first(ctx, network, port, addresses)
}

func (d plainDialer) trusts(host, port string) bool {
	name := plainName(host)
	return d.trusted[name] || d.trusted[net.JoinHostPort(name, port)]
}

// loopback returns the addresses of a host that are this machine's alone. A
// host whose addresses cannot be found is not this machine.
func (d plainDialer) loopback(ctx context.Context, host string) ([]netip.Addr, error) {
	addresses, err := d.own.addresses(ctx, host)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, refused(host)
	}
	return addresses, nil
}

func refused(host string) error {
	return fault.New(fault.InvalidValue, "plain http to %s would show the secret that is sent", host).
		Fix("use https, or name the host in endpoints.trusted in config.yaml")
}

// hosts are the hosts of a list, for looking up.
func hosts(list []string) map[string]bool {
	found := map[string]bool{}
	for _, text := range list {
		host, port, err := net.SplitHostPort(text)
		if err != nil {
			host = strings.Trim(text, "[]")
		}
		name := plainName(host)
		if err == nil {
			name = net.JoinHostPort(name, port)
		}
		found[name] = true
	}
	return found
}

// plainName is a host's name as it is compared: case and the dot at the end
// of a complete name mean nothing.
func plainName(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }
