package bearer

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"time"
)

// Dialer connects to hosts of which every address may be connected to, and
// there to no other address than those that were looked at, whatever the name
// stands for a moment later. All fields but LookUp are required.
type Dialer struct {
	// May reports whether an address may be connected to.
	May func(netip.Addr) bool
	// Refused is the error for a host that has another address.
	Refused func(host string) error
	// LookUp finds a host's addresses; nil asks the system.
	LookUp func(ctx context.Context, host string) ([]netip.Addr, error)
	// Within is how long LookUp may take.
	Within time.Duration
	// Dial connects to an address, as net.Dialer does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// DialContext is that of an http.Transport; address is HOST:PORT.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addresses, err := d.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	return d.first(ctx, network, port, addresses)
}

// addresses returns the addresses of a host if all of them may be connected
// to.
func (d Dialer) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	all, err := d.find(ctx, host)
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	case slices.ContainsFunc(all, func(a netip.Addr) bool { return !d.May(a) }):
		return nil, d.Refused(host)
	}
	return all, nil
}

// find returns the addresses of a host, which may be one itself.
func (d Dialer) find(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, d.Within)
	defer cancel()
	if d.LookUp != nil {
		return d.LookUp(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// first connects to the first of the addresses that answers.
func (d Dialer) first(ctx context.Context, network, port string, addresses []netip.Addr) (net.Conn, error) {
	var failure error
	for _, a := range addresses {
		connection, err := d.Dial(ctx, network, net.JoinHostPort(a.String(), port))
		if err == nil {
			return connection, nil
		}
		failure = err
	}
	return nil, failure
}
