package bearer

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"

	"assume-role/internal/fault"
)

// wire is a transport whose connections all end at one server, and a look-up
// with made-up names. It notes where it was asked to connect to.
type wire struct {
	*testing.T
	server *httptest.Server
	names  map[string][]string
	mu     sync.Mutex
	dialed []string
	asked  int
}

func newWire(t *testing.T, names map[string][]string) *wire {
	t.Helper()
	w := &wire{T: t, names: names}
	w.server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(out, r.Host)
	}))
	t.Cleanup(w.server.Close)
	return w
}

func (w *wire) transport() *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		w.mu.Lock()
		w.dialed = append(w.dialed, address)
		w.mu.Unlock()
		return (&net.Dialer{}).DialContext(ctx, network, w.server.Listener.Addr().String())
	}}
}

func (w *wire) lookUp(_ context.Context, host string) ([]netip.Addr, error) {
	w.asked++
	texts, ok := w.names[strings.ToLower(host)]
	if !ok {
		return nil, &net.DNSError{Name: host, IsNotFound: true}
	}
	var found []netip.Addr
	for _, text := range texts {
		found = append(found, netip.MustParseAddr(text))
	}
	return found, nil
}

// guarded is Guard with another way to find a host's addresses.
func guarded(next *http.Transport, trusted []string, lookUp func(context.Context, string) ([]netip.Addr, error)) http.RoundTripper {
	d := newPlainDialer(trusted, next.DialContext)
	d.own.LookUp = lookUp
	return newGuard(next, d)
}

// get asks a guarded client for an address and returns where it connected to.
func (w *wire) get(address string, change func(*http.Transport), trusted ...string) (dialed string, err error) {
	w.Helper()
	w.dialed = nil
	transport := w.transport()
	if change != nil {
		change(transport)
	}
	response, err := (&http.Client{Transport: guarded(transport, trusted, w.lookUp)}).Get(address)
	if err == nil {
		_ = response.Body.Close()
	}
	return strings.Join(w.dialed, " "), err
}

func names() map[string][]string {
	return map[string][]string{
		"localhost": {"::1", "127.0.0.1"},
		"local":     {"127.8.9.10"},
		"mapped":    {"::ffff:127.0.0.1"},
		"both":      {"127.0.0.1", "192.0.2.1"},
		"both6":     {"2001:db8::1", "::1"},
		"elsewhere": {"192.0.2.1"},
		"any":       {"0.0.0.0"},
		"nothing":   {},
	}
}

func TestGuardLetsPlainHTTPToThisMachine(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	for address, want := range map[string]string{
		"http://127.0.0.1:81/x":         "127.0.0.1:81",
		"http://127.255.0.9/":           "127.255.0.9:80",
		"http://[::1]:81/":              "[::1]:81",
		"http://[::ffff:127.0.0.1]:81/": "[::ffff:127.0.0.1]:81",
		"http://LocalHost:4566/":        "[::1]:4566",
		"http://local/":                 "127.8.9.10:80",
		"http://mapped:81/":             "[::ffff:127.0.0.1]:81",
	} {
		if got, err := w.get(address, nil); err != nil || got != want {
			t.Errorf("%s: connected to %q, %v", address, got, err)
		}
	}
}

func TestGuardRefusesPlainHTTPElsewhere(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	for _, address := range []string{
		"http://192.0.2.1:81/", "http://elsewhere/", "http://both/", "http://both6:81/", "http://any/", "http://0.0.0.0/",
		"http://[::]/", "http://[fe80::1%25lo]/", "http://169.254.169.254/", "http://127.0.0.1.evil.test@elsewhere/",
	} {
		got, err := w.get(address, nil)
		if got != "" || err == nil {
			t.Errorf("%s: connected to %q, %v", address, got, err)
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Errorf("%s: %v", address, err)
			continue
		}
		for _, word := range []string{"plain http to", "would show the secret", "use https", "endpoints.trusted", "config.yaml"} {
			if !strings.Contains(f.Error(), word) {
				t.Errorf("%s: %q is not in: %v", address, word, f)
			}
		}
	}
}

// TestGuardRefusesWhatCannotBeFound: nothing says that it is this machine.
func TestGuardRefusesWhatCannotBeFound(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	for _, address := range []string{"http://unknown.test/", "http://nothing/"} {
		_, err := w.get(address, nil)
		var f *fault.Error
		if !errors.As(err, &f) || !strings.Contains(f.Error(), "would show the secret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// TestGuardConnectsToWhatItLookedAt: a name that stands for another address a
// moment later leads nowhere else.
func TestGuardConnectsToWhatItLookedAt(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	got, err := w.get("http://local:81/", func(*http.Transport) { w.asked = 0 })
	if err != nil || got != "127.8.9.10:81" || w.asked != 1 {
		t.Errorf("connected to %q after %d look-ups: %v", got, w.asked, err)
	}
}

// TestGuardTriesEveryAddress: localhost often has an address of IPv6 where
// nothing listens.
func TestGuardTriesEveryAddress(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	var tried []string
	got, err := w.get("http://localhost:81/", func(transport *http.Transport) {
		dial := transport.DialContext
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			tried = append(tried, address)
			if address == "[::1]:81" {
				return nil, errors.New("refused")
			}
			return dial(ctx, network, address)
		}
	})
	if err != nil || got != "127.0.0.1:81" || len(tried) != 2 {
		t.Errorf("tried %q, connected to %q: %v", tried, got, err)
	}
}

func TestGuardTrusts(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		address string
		trusted []string
		ok      bool
	}{
		{"http://elsewhere:4566/", []string{"elsewhere"}, true},
		{"http://elsewhere:4566/", []string{"other", "ELSEWHERE:4566"}, true},
		{"http://Elsewhere.:4566/", []string{"elsewhere"}, true},
		{"http://elsewhere/", []string{"elsewhere:80"}, true},
		{"http://elsewhere:4567/", []string{"elsewhere:4566"}, false},
		{"http://else.where/", []string{"where", "else", ".where"}, false},
		{"http://[2001:db8::1]:81/", []string{"2001:DB8::1"}, true},
		{"http://[2001:db8::1]:81/", []string{"[2001:db8::1]"}, true},
		{"http://[2001:db8::1]:81/", []string{"[2001:db8::1]:81"}, true},
		{"http://[2001:db8::1]:81/", []string{"[2001:db8::1]:82"}, false},
		{"http://both/", []string{"both"}, true},
	} {
		w := newWire(t, names())
		if _, err := w.get(tc.address, nil, tc.trusted...); (err == nil) != tc.ok {
			t.Errorf("%s with %q: %v", tc.address, tc.trusted, err)
		}
		if tc.ok && w.asked != 0 {
			t.Errorf("%s: a trusted host was looked up here", tc.address)
		}
	}
}

// TestCheckSaysWhatGuardDoes, and connects to nothing.
func TestCheckSaysWhatGuardDoes(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	d := newPlainDialer([]string{"elsewhere:4566", "any:80"}, nil)
	d.own.LookUp = w.lookUp
	for address, ok := range map[string]bool{
		"http://127.0.0.1:81/": true, "http://localhost/": true, "http://[::1]/": true, "https://elsewhere/": true, "": true,
		"http://elsewhere:4566/x": true, "http://any/": true, "http://unknown.test/": false, "::": true,
		"http://elsewhere/": false, "http://both:81/": false, "http://192.0.2.1/": false, "http://any:81/": false,
	} {
		if err := check(t.Context(), address, d); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
	if err := Check(t.Context(), "http://192.0.2.1/", []string{"192.0.2.2"}); err == nil {
		t.Error("it is let through")
	}
	if len(w.dialed) != 0 {
		t.Errorf("connected to %q", w.dialed)
	}
}

// TestGuardUsesNoProxyForPlainHTTP: the proxy would read the secret, and knows
// the name's address by itself. Over https it sees neither.
func TestGuardUsesNoProxyForPlainHTTP(t *testing.T) {
	t.Parallel()
	w := newWire(t, names())
	proxied := func(transport *http.Transport) {
		transport.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://proxy.test:3128") }
	}
	for address, want := range map[string]string{
		"http://local:81/":       "127.8.9.10:81",
		"http://elsewhere:4566/": "elsewhere:4566",
	} {
		if got, err := w.get(address, proxied, "elsewhere"); err != nil || got != want {
			t.Errorf("%s: connected to %q, %v", address, got, err)
		}
	}
	if got, _ := w.get("https://elsewhere/", proxied); got != "proxy.test:3128" {
		t.Errorf("https: connected to %q", got)
	}
}

func TestGuardPassesHTTPS(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	transport := server.Client().Transport.(*http.Transport)
	lookUp := func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("looked up") }
	response, err := (&http.Client{Transport: guarded(transport, nil, lookUp)}).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
}

// TestGuardFindsAddressesItself: with the system's own look-up.
func TestGuardFindsAddressesItself(t *testing.T) {
	t.Parallel()
	w := newWire(t, nil)
	_, port, _ := net.SplitHostPort(w.server.Listener.Addr().String())
	response, err := (&http.Client{Transport: Guard(&http.Transport{}, nil)}).Get("http://localhost:" + port)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := io.ReadAll(response.Body); string(text) != "localhost:"+port {
		t.Errorf("the server saw the host %q", text)
	}
}
