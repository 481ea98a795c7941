package assume

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// The parts of one attempt, each with its limit: together they leave room for
// another attempt within callTime.
const (
	dialTime   = 5 * time.Second
	tlsTime    = 5 * time.Second
	answerTime = 12 * time.Second
	idleTime   = 90 * time.Second
)

// newHTTPClient makes the client that all calls to one endpoint share. Its
// roots are the bundle's alone if there is one, else the system's. With secret
// it keeps bearer secrets off the wire.
func (a *Assumer) newHTTPClient(bundle string, secret bool) (*http.Client, *fault.Error) {
	shared, err := a.connections(bundle)
	if err != nil {
		return nil, err
	}
	var next http.RoundTripper = shared.Transport
	if secret {
		next = bearer.Guard(shared.Transport, a.Trusted)
	}
	return a.clientOver(bounded{line{shared, next}}), nil
}

// newTransport makes connections, each within its time.
func (a *Assumer) newTransport(bundle string) (*http.Transport, *fault.Error) {
	roots, err := roots(bundle)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  a.Proxy,
		OnProxyConnectResponse: refusedConnect,
		DialContext:            (&net.Dialer{Timeout: dialTime}).DialContext,
		TLSHandshakeTimeout:    tlsTime,
		IdleConnTimeout:        idleTime,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
	}, nil
}

func (a *Assumer) clientOver(next http.RoundTripper) *http.Client {
	return &http.Client{
		Transport: &clockWatch{next: next, now: a.Now},
		// STS redirects nobody; a signature is for one host.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answerLimit bounds what is read of one answer, in bytes: STS's longest has
// some kilobytes, and what is not STS may never end.
const answerLimit = 1 << 20

// bounded ends every answer at answerLimit.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = limitedBody{io.LimitReader(response.Body, answerLimit), response.Body}
	return response, nil
}

// bundleLimit is some forty times the size of a system's own bundle, in bytes.
const bundleLimit = 10 << 20

// roots reads a CA bundle; nil means the system's own roots.
func roots(bundle string) (*x509.CertPool, *fault.Error) {
	if bundle == "" {
		return nil, nil
	}
	text, err := securefile.Read(bundle, bundleLimit)
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "the CA bundle %s cannot be read: %v", bundle, securefile.Cause(err)).
			Fix("correct ca_bundle, AWS_CA_BUNDLE or REQUESTS_CA_BUNDLE, whichever names it").Because(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fault.New(fault.InvalidValue, "the CA bundle %s holds no PEM certificate", bundle).Fix("correct ca_bundle, AWS_CA_BUNDLE or REQUESTS_CA_BUNDLE, whichever names it")
	}
	return pool, nil
}
