package assume

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
)

// proxyRefusal is a proxy's answer to CONNECT that is not a connection.
type proxyRefusal struct {
	// host is the proxy's HOST:PORT, without the password of its address.
	host   string
	status int
}

// Error implements error.
func (p *proxyRefusal) Error() string {
	return fmt.Sprintf("the proxy %s answered %d", p.host, p.status)
}

// final reports whether another try would be answered alike.
func (p *proxyRefusal) final() bool { return p.status < http.StatusInternalServerError }

// refusedConnect is a transport's OnProxyConnectResponse.
func refusedConnect(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyRefusal{host: proxy.Host, status: answer.StatusCode}
}

func sayRefusal(f *failure) (string, string) {
	var p *proxyRefusal
	errors.As(f.err, &p)
	switch {
	case p.status == http.StatusProxyAuthRequired:
		return fmt.Sprintf("the proxy %s wants a password", p.host), "set the proxy's variable to http://USER:PASSWORD@HOST:PORT"
	case p.final():
		return fmt.Sprintf("the proxy %s does not connect to it (%d %s)", p.host, p.status, http.StatusText(p.status)),
			"ask who runs the proxy, or name the host in NO_PROXY"
	}
	return fmt.Sprintf("the proxy %s could not connect to it (%d %s)", p.host, p.status, http.StatusText(p.status)), "check the region and endpoint_url, and try again"
}

// proxyFailed is a proxy that no connection could be made to, or through.
func proxyFailed(f *failure) bool {
	var op *net.OpError
	return errors.As(f.err, &op) && (op.Op == "proxyconnect" || op.Op == "socks connect")
}

func sayNoProxy(f *failure) (string, string) {
	const fix = "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
	var op, dial *net.OpError
	var dns *net.DNSError
	switch errors.As(f.err, &op); {
	case errors.As(op.Err, &dns):
		return fmt.Sprintf("the proxy %s cannot be found", dns.Name), fix
	case errors.As(op.Err, &dial) && dial.Addr != nil:
		return fmt.Sprintf("the proxy %s cannot be reached", dial.Addr), fix
	}
	return "the proxy cannot be reached", fix
}
