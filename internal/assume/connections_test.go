package assume

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// front is a world's AWS behind TLS, where connections are counted.
type front struct {
	*httptest.Server
	bundle                        string
	connects, handshakes, answers atomic.Int32
	// shaken gets a value for every handshake.
	shaken chan struct{}
}

func newFront(w *world) *front {
	w.Helper()
	to, err := url.Parse(w.aws.URL())
	if err != nil {
		w.Fatal(err)
	}
	f := &front{shaken: make(chan struct{}, 100), bundle: filepath.Join(w.TempDir(), "bundle.pem")}
	behind := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		f.answers.Add(1)
		r.SetURL(to)
		r.Out.Host = r.In.Host // it is signed
	}}
	f.Server = httptest.NewUnstartedServer(behind)
	f.Config.ErrorLog = log.New(io.Discard, "", 0)
	f.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			f.connects.Add(1)
		}
	}
	f.TLS = &tls.Config{VerifyConnection: func(tls.ConnectionState) error {
		f.handshakes.Add(1)
		f.shaken <- struct{}{}
		return nil
	}}
	f.StartTLS()
	w.Cleanup(f.Close)
	write(w.T, f.bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: f.Certificate().Raw}))
	return f
}

// behind sends a chain's calls through the front.
func (f *front) behind(chain *profile.Chain) *profile.Chain {
	chain.STS.URL, chain.STS.CABundle = f.URL, f.bundle
	return chain
}

// counts checks connections, handshakes and requests.
func (f *front) counts(t *testing.T, connects, handshakes, answers int32) {
	t.Helper()
	got, want := [3]int32{f.connects.Load(), f.handshakes.Load(), f.answers.Load()}, [3]int32{connects, handshakes, answers}
	if got != want {
		t.Errorf("connections, handshakes, requests: %v, want %v", got, want)
	}
}

// await waits for the next handshake.
func (f *front) await(t *testing.T) {
	t.Helper()
	select {
	case <-f.shaken:
	case <-time.After(20 * time.Second):
		t.Error("nobody connected")
	}
}

// stored makes the key store the chain's source, and has something happen while
// it is read.
func (w *world) stored(chain *profile.Chain, reading func()) *profile.Chain {
	chain.Source = profile.Source{Kind: profile.Keyring, Profile: "base", Keys: creds.Credentials{AccessKeyID: w.keys.AccessKeyID}}
	w.options.LoadKey = func(string) (creds.Credentials, error) {
		reading()
		return w.keys, nil
	}
	return chain
}

// A chain of three calls is three requests on one connection, which is there
// before the key that signs the first one; a warm run makes none.
func TestChainTakesOneConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	chain := f.behind(w.stored(w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "one"}), w.role(awsfake.Role{Name: "two"})), func() {
		f.await(t)
		f.counts(t, 1, 1, 0)
	}))
	w.get(chain)
	f.counts(t, 1, 1, 3)
	w.get(chain)
	f.counts(t, 1, 1, 3)
	w.counts(1, 2, 1)
}

// Calls that carry a bearer secret go to the same host as those that are signed.
func TestUnsignedAndSignedCallsShareAConnection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	a := New(w.options)
	endpoint := f.behind(w.chain()).STS
	for _, unsigned := range []bool{false, true, false} {
		found := a.wire(reach{endpoint, unsigned})
		if found.err != nil {
			t.Fatal(found.err)
		}
		response, err := found.HTTP.Get(f.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	f.counts(t, 1, 1, 3)
}

// While a person looks for the code the host may close the connection: the code
// is typed once, and sent once.
func TestConnectionThatIsClosedWhileACodeIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	assumer := New(w.options)
	chain := f.behind(w.chain(w.mfaSession()))
	codes := w.options.MFA
	assumer.MFA = during(func() {
		f.await(t)
		f.CloseClientConnections()
		awaitBroken(t, assumer, chain.STS)
	}, codes)
	if _, err := assumer.Credentials(t.Context(), chain); err != nil {
		t.Fatal(err)
	}
	w.counts(1, 0, 1)
	f.counts(t, 2, 2, 1)
}

// codesDuring has something happen before a code is given.
type codesDuring struct {
	Codes
	do func()
}

func during(do func(), codes Codes) Codes { return codesDuring{codes, do} }

// WithCode implements Codes.
func (c codesDuring) WithCode(ctx context.Context, sts profile.Endpoint, device profile.Device, try func(creds.Secret) (bool, error)) error {
	c.do()
	return c.Codes.WithCode(ctx, sts, device, try)
}

// awaitBroken waits until the connection that was opened ahead is known to have
// broken off.
func awaitBroken(t *testing.T, a *Assumer, endpoint profile.Endpoint) {
	t.Helper()
	waiting := aheadOf(t, a, endpoint)
	<-waiting.opened
	for limit := time.Now().Add(20 * time.Second); waiting.conn != nil && waiting.conn.Err() == nil; runtime.Gosched() {
		if time.Now().After(limit) {
			t.Fatal("the connection is not known to be closed")
		}
	}
}

func aheadOf(t *testing.T, a *Assumer, endpoint profile.Endpoint) *ahead {
	t.Helper()
	c, bad := a.connections(endpoint.CABundle)
	if bad != nil {
		t.Fatal(bad)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead[endpoint.URL]
}

// What waited for longer than hosts let a connection wait is not used.
func TestOldConnectionIsNotUsed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	now := time.Now()
	w.options.Now = func() time.Time { return now }
	a := New(w.options)
	endpoint := f.behind(w.chain()).STS
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, f.URL, nil)
	for _, c := range []struct {
		idle time.Duration
		fit  bool
	}{{aheadTime, true}, {aheadTime + time.Second, false}, {-aheadTime - time.Second, false}} {
		a.expect(t.Context(), endpoint)
		waiting := aheadOf(t, a, endpoint)
		<-waiting.opened
		now = now.Add(c.idle)
		shared, _ := a.connections(endpoint.CABundle)
		conn, _ := shared.take(request)
		if (conn != nil) != c.fit || (waiting.conn.Err() == nil) != c.fit {
			t.Errorf("after %s: used %t, open %t", c.idle, conn != nil, waiting.conn.Err() == nil)
		}
		if conn != nil {
			conn.Release()
		}
	}
}

// Two requests at a time take two connections, and do not wait for one another.
func TestConnectionAheadIsForOneAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	a := New(w.options)
	endpoint := f.behind(w.chain()).STS
	a.expect(t.Context(), endpoint)
	shared, _ := a.connections(endpoint.CABundle)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, f.URL, nil)
	first, _ := shared.take(request)
	if second, err := shared.take(request); first == nil || second != nil || err != nil {
		t.Fatalf("not one of two requests has it: %v", err)
	}
	first.Release()
	if again, _ := shared.take(request); again != first {
		t.Error("it is lost after one request")
	}
}

// That no connection can be had is what the first request fails with, and no
// further try is made for it. Long afterwards the request finds out by itself.
func TestConnectionAheadThatFails(t *testing.T) {
	t.Parallel()
	for _, idle := range []time.Duration{0, aheadTime + time.Second} {
		w := newWorld(t)
		f := newFront(w)
		f.Close()
		now, tries := time.Now(), 0
		w.options.Now = func() time.Time { return now }
		w.options.Proxy = func(*http.Request) (*url.URL, error) {
			tries++
			return nil, nil
		}
		chain := f.behind(w.chain(w.role(awsfake.Role{Name: "admin"})))
		chain.STS.MaxAttempts = 1
		a := New(w.options)
		a.expect(t.Context(), chain.STS)
		<-aheadOf(t, a, chain.STS).opened
		now = now.Add(idle)
		_, err := a.Credentials(t.Context(), chain)
		w.says(err, "refused", f.Listener.Addr().String())
		if want := map[bool]int{true: 1, false: 2}[idle == 0]; tries != want {
			t.Errorf("%s later: %d tries, want %d", idle, tries, want)
		}
	}
}

// Where no call goes, nothing connects: plain http needs no time, and STS has no
// FIPS endpoint there.
func TestNothingIsOpenedAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Proxy = func(r *http.Request) (*url.URL, error) {
		t.Errorf("%s was to be connected to", r.URL)
		return nil, net.ErrClosed
	}
	a := New(w.options)
	for _, endpoint := range []profile.Endpoint{
		{Region: "eu-west-1", URL: w.aws.URL()},
		{Region: "eu-west-1", Partition: "aws", FIPS: true},
		{Region: "eu-west-1", URL: "https://127.0.0.1:1", DualStack: true},
		{Region: "eu-west-1", URL: "https://127.0.0.1:1", CABundle: filepath.Join(t.TempDir(), "none")},
	} {
		if a.expect(t.Context(), endpoint); len(a.connected) != 0 {
			t.Errorf("%+v: a connection", endpoint)
		}
	}
}

// The proxy is the request's own: a list of hosts without one may name a port.
func TestConnectionAheadTakesTheCallsProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := newFront(w)
	asked := make(chan string, 9)
	w.options.Proxy = func(r *http.Request) (*url.URL, error) {
		asked <- r.URL.Host
		return nil, nil
	}
	a := New(w.options)
	endpoint := f.behind(w.chain()).STS
	a.expect(t.Context(), endpoint)
	<-aheadOf(t, a, endpoint).opened
	if got := <-asked; got != f.Listener.Addr().String() {
		t.Errorf("the proxy of %s was asked for", got)
	}
	f.await(t)
	f.counts(t, 1, 1, 0)
}

// Where the host has closed its connection, the next one goes on with its TLS
// session: the host does not show its certificate again.
func TestTLSSessionIsResumed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	resumed := make(chan bool, 1)
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { resumed <- r.TLS.DidResume }))
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "bundle.pem")
	write(t, bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	client, bad := New(w.options).newHTTPClient(bundle, false)
	if bad != nil {
		t.Fatal(bad)
	}
	for _, again := range []bool{false, true} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Close = true
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if got := <-resumed; got != again {
			t.Errorf("resumed: %t, want %t", got, again)
		}
	}
}
