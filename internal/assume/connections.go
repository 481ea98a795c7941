package assume

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// aheadTime is how long a connection that was opened ahead may have waited to be
// used: a third of what AWS's load balancers let one idle
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html),
// so that no request meets one that is just being closed.
const aheadTime = 20 * time.Second

// connections are those of all requests that trust the same roots. One to a host
// can be opened ahead of the request that it is for.
type connections struct {
	*http.Transport
	now   func() time.Time
	mu    sync.Mutex
	ahead map[string]*ahead // by scheme and host, as addresses have them
}

// ahead is a connection that is being opened, or waits for requests.
type ahead struct {
	opened chan struct{} // closed when conn is there, or err says why not
	conn   *http.ClientConn
	err    error
	used   time.Time
}

// open begins to connect to a host, unless that was done. Nothing is sent but
// what a connection takes, by the proxy that the requests would take.
func (c *connections) open(ctx context.Context, to *url.URL) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ahead[place(to)] != nil {
		return
	}
	a := &ahead{opened: make(chan struct{})}
	c.ahead[place(to)] = a
	go func() {
		defer close(a.opened)
		if c.TLSClientConfig.RootCAs == nil {
			go x509.SystemCertPool() // it is read once, which takes as long as connecting
		}
		limited, cancel := context.WithTimeout(ctx, dialTime+tlsTime)
		defer cancel()
		a.conn, a.err = c.proxiedLike(to).NewClientConn(limited, to.Scheme, withPort(to))
		a.used = c.now()
	}()
}

// proxiedLike is a transport that asks for the proxy of a request to that
// address, port and all.
func (c *connections) proxiedLike(to *url.URL) *http.Transport {
	t := c.Transport.Clone()
	if c.Proxy != nil {
		t.Proxy = func(*http.Request) (*url.URL, error) { return c.Proxy(&http.Request{URL: to}) }
	}
	return t
}

// line sends a request on the connection that was opened for its host, if that
// still is of use, and else by next.
type line struct {
	*connections
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. That its host could not be connected to
// is the failure of the first request that would have been sent there.
func (l line) RoundTrip(r *http.Request) (*http.Response, error) {
	conn, err := l.take(r)
	switch {
	case err != nil:
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	case conn != nil:
		return conn.RoundTrip(r)
	}
	return l.next.RoundTrip(r)
}

// take waits for the connection of a request's host, and reserves it; nil is for
// another one. It is forgotten where it failed, has broken off, or was idle for
// long.
func (c *connections) take(r *http.Request) (*http.ClientConn, error) {
	c.mu.Lock()
	a := c.ahead[place(r.URL)]
	c.mu.Unlock()
	if a == nil {
		return nil, nil
	}
	select {
	case <-a.opened:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ahead[place(r.URL)] != a {
		return nil, nil // another request found out before
	}
	if !a.fit(c.now()) {
		delete(c.ahead, place(r.URL))
		return nil, a.failure(c.now())
	}
	if a.conn.Reserve() != nil {
		return nil, nil // another request is on it
	}
	a.used = c.now()
	return a.conn, nil
}

// fit reports whether the connection can take a request; one that cannot is
// closed.
func (a *ahead) fit(now time.Time) bool {
	if a.err != nil || a.conn.Err() != nil {
		return false
	}
	if a.conn.InFlight() == 0 && a.old(now) {
		_ = a.conn.Close()
		return false
	}
	return true
}

// failure is why it could not be opened, unless that is long ago.
func (a *ahead) failure(now time.Time) error {
	if a.old(now) {
		return nil
	}
	return a.err
}

func (a *ahead) old(now time.Time) bool { return now.Sub(a.used).Abs() > aheadTime }

// place tells hosts apart.
func place(u *url.URL) string { return u.Scheme + "://" + u.Host }

// withPort is HOST:PORT.
func withPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// connections are shared by all endpoints with that CA bundle.
func (a *Assumer) connections(bundle string) (*connections, *fault.Error) {
	a.connecting.Lock()
	defer a.connecting.Unlock()
	if c := a.connected[bundle]; c != nil {
		return c, nil
	}
	t, err := a.newTransport(bundle)
	if err != nil {
		return nil, err
	}
	t.ResponseHeaderTimeout = answerTime
	// Where a host closes its connections, the next one is cheaper.
	t.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	c := &connections{Transport: t, now: a.Now, ahead: map[string]*ahead{}}
	a.connected[bundle] = c
	return c, nil
}

// expect connects to STS ahead of a call that is certain, while what signs it is
// still being found out: a key is read, a passphrase derived, a code typed. What
// is wrong with the endpoint the call will say.
func (a *Assumer) expect(ctx context.Context, endpoint profile.Endpoint) {
	to, err := url.Parse(endpoint.STSCalls())
	if err != nil || to.Scheme != "https" || endpoint.CheckFIPS() != nil {
		return
	}
	if c, err := a.connections(endpoint.CABundle); err == nil {
		c.open(ctx, to)
	}
}
