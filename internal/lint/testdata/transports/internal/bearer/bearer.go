package bearer

import (
	"crypto/tls"
	"net/http"
)

func plain() (*http.Response, error) { return http.Get("https://example.com") } // want "http.Get"

func shared() http.RoundTripper { return http.DefaultTransport } // want "http.DefaultTransport"

func client() *http.Client { return &http.Client{Timeout: 1} } // want "without Transport"

func transport() *http.Transport {
	t := &http.Transport{MaxIdleConns: 1} // want "without DialContext"
	t.ForceAttemptHTTP2 = true            // want "ForceAttemptHTTP2"
	return t
}

func negotiated(dial func()) *http.Transport {
	t := &http.Transport{DialContext: nil, TLSClientConfig: &tls.Config{
		NextProtos: []string{"h2"}, // want "NextProtos"
	}}
	t.Protocols.SetHTTP2(true) // want "SetHTTP2"
	return t
}

func good() *http.Client { return &http.Client{Transport: &http.Transport{DialContext: nil}} }
