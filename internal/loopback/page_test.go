package loopback

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"assume-role/internal/creds"
)

const secretLink = "https://signin.aws.amazon.com/federation?Action=login&SigninToken=canary"

func newPage(t *testing.T, peer func(net.Conn) error) *Page {
	t.Helper()
	p, err := Serve(creds.Secret(secretLink), peer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// ask makes a request, changed by the functions, and returns the answer with
// its text.
func ask(t *testing.T, address string, change ...func(*http.Request)) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	return response, string(text)
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func TestPageLeadsOneBrowser(t *testing.T) {
	t.Parallel()
	p := newPage(t, nil)
	if rest, ok := strings.CutPrefix(p.Address(), "http://127.0.0.1:"); !ok || len(rest[strings.IndexByte(rest, '/'):]) != 44 {
		t.Fatal(p.Address())
	}
	first, text := ask(t, p.Address(), header("Sec-Fetch-Mode", "navigate"), header("Sec-Fetch-Dest", "document"), header("Sec-Fetch-Site", "none"))
	if first.StatusCode != http.StatusSeeOther || first.Header.Get("Location") != secretLink || strings.Contains(text, "canary") {
		t.Errorf("%d %v %s", first.StatusCode, first.Header, text)
	}
	if err := p.Wait(t.Context()); err != nil {
		t.Error(err)
	}
	if second, text := ask(t, p.Address()); second.StatusCode != http.StatusGone || second.Header.Get("Location") != "" || !strings.Contains(text, "works once") {
		t.Errorf("a second time: %d %s", second.StatusCode, text)
	}
}

// TestPageIsNotSpent by what no person looks at.
func TestPageIsNotSpent(t *testing.T) {
	t.Parallel()
	p := newPage(t, nil)
	other := func(path string) string { return "http://" + p.host() + path }
	for name, tc := range map[string]struct {
		address string
		change  func(*http.Request)
	}{
		"HEAD":             {p.Address(), func(r *http.Request) { r.Method = http.MethodHead }},
		"POST":             {p.Address(), func(r *http.Request) { r.Method = http.MethodPost }},
		"OPTIONS":          {p.Address(), func(r *http.Request) { r.Method = http.MethodOptions }},
		"another name":     {p.Address(), func(r *http.Request) { r.Host = "evil.example" }},
		"localhost":        {p.Address(), func(r *http.Request) { r.Host = strings.Replace(p.host(), "127.0.0.1", "localhost", 1) }},
		"no port":          {p.Address(), func(r *http.Request) { r.Host = "127.0.0.1" }},
		"prefetch":         {p.Address(), header("Sec-Purpose", "prefetch")},
		"prerender":        {p.Address(), header("Sec-Purpose", "prefetch;prerender")},
		"old prefetch":     {p.Address(), header("Purpose", "Prefetch")},
		"Firefox prefetch": {p.Address(), header("X-Moz", "prefetch")},
		"preview":          {p.Address(), header("X-Purpose", "preview")},
		"a script":         {p.Address(), header("Sec-Fetch-Mode", "cors")},
		"an image":         {p.Address(), header("Sec-Fetch-Mode", "no-cors")},
		"a frame":          {p.Address(), header("Sec-Fetch-Dest", "iframe")},
		"the root":         {other("/"), header("A", "b")},
		"favicon":          {other("/favicon.ico"), header("A", "b")},
		"a longer path":    {p.Address() + "/", header("A", "b")},
		"a query":          {p.Address() + "?x", header("A", "b")},
		"a shorter path":   {strings.TrimSuffix(p.Address(), p.Address()[len(p.Address())-1:]), header("A", "b")},
	} {
		response, text := ask(t, tc.address, tc.change)
		if response.StatusCode != http.StatusNotFound || response.Header.Get("Location") != "" || strings.Contains(text, "canary") {
			t.Errorf("%s: %d %s", name, response.StatusCode, text)
		}
		h := response.Header
		if h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", name, h)
		}
	}
	if first, _ := ask(t, p.Address()); first.Header.Get("Location") != secretLink {
		t.Errorf("it was spent: %d", first.StatusCode)
	}
}

func TestPageLeadsOneOfMany(t *testing.T) {
	t.Parallel()
	p := newPage(t, nil)
	var all sync.WaitGroup
	var led atomic.Int32
	for range 50 {
		all.Go(func() {
			if r, _ := ask(t, p.Address()); r.Header.Get("Location") != "" {
				led.Add(1)
			}
		})
	}
	all.Wait()
	if led.Load() != 1 {
		t.Errorf("%d were led on", led.Load())
	}
}

// TestPageAsksWhoseConnection it is, and is not spent by another user's.
func TestPageAsksWhoseConnection(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	p := newPage(t, func(c net.Conn) error {
		if _, ok := c.RemoteAddr().(*net.TCPAddr); !ok {
			t.Error("it is not the connection")
		}
		if asked.Add(1) == 1 {
			return errors.New("another user's")
		}
		return nil
	})
	if r, _ := ask(t, p.Address()); r.StatusCode != http.StatusNotFound {
		t.Errorf("%d", r.StatusCode)
	}
	if r, _ := ask(t, p.Address()); r.Header.Get("Location") != secretLink {
		t.Errorf("%d", r.StatusCode)
	}
}

func TestPageWaits(t *testing.T) {
	t.Parallel()
	p := newPage(t, nil)
	p.patience = time.Nanosecond
	if err := p.Wait(t.Context()); !errors.Is(err, ErrNoBrowser) {
		t.Error(err)
	}
	p.patience = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, _ = ask(t, p.Address()); p.Wait(ctx) != nil {
		t.Error("a browser that came counts more than the end of the wait")
	}
}

// TestClosedPageHasNoLink, not even for a request that was on its way.
func TestClosedPageHasNoLink(t *testing.T) {
	t.Parallel()
	p := newPage(t, nil)
	p.Close()
	r := httptest.NewRequest(http.MethodGet, p.path, nil)
	r.Host = p.host()
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	if w.Code != http.StatusGone || w.Header().Get("Location") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
