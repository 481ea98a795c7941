package loopback

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const callback = "/oauth/callback"

// world is a listener, and a browser that follows nothing.
type world struct {
	*testing.T
	*Listener
	browser http.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	l, err := Listen(callback, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return &world{T: t, Listener: l, browser: http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// get makes a request, changed by the functions, and returns the answer with
// its page.
func (w *world) get(address string, change ...func(*http.Request)) (*http.Response, string) {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, address, nil)
	if err != nil {
		w.Fatal(err)
	}
	for _, f := range change {
		f(r)
	}
	response, err := w.browser.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	page, _ := io.ReadAll(response.Body)
	return response, string(page)
}

// answer is the address of a redirect with these parameters.
func (w *world) answer(parameters ...string) string {
	q := url.Values{}
	for i := 0; i < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	return w.RedirectURI() + "?" + q.Encode()
}

func TestCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u, err := url.Parse(w.RedirectURI())
	if err != nil || u.Hostname() != "127.0.0.1" || u.Port() == "" || u.Path != callback || len(w.State().Reveal()) < 40 {
		t.Fatalf("%s %v", w.RedirectURI(), err)
	}
	response, page := w.get(w.answer("state", w.State().Reveal(), "code", "the code"))
	if response.StatusCode != 200 || !strings.Contains(page, "You can close this page") {
		t.Errorf("%d %s", response.StatusCode, page)
	}
	if code, err := w.Wait(t.Context()); err != nil || code.Reveal() != "the code" {
		t.Errorf("%v %v", code, err)
	}
	if _, page := w.get(w.answer("state", w.State().Reveal(), "code", "again")); page == "" {
		t.Error("a second answer hangs")
	}
}

// TestPages load nothing, are kept by nobody and show nothing of the request.
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, address := range []string{
		w.answer("state", w.State().Reveal(), "code", "<script>canary"), w.answer("state", "x"), w.answer(),
		w.RedirectURI() + "/<script>canary", w.Page("https://example.com/canary"), "http://127.0.0.1:" + w.port + "/",
	} {
		response, page := w.get(address)
		h := response.Header
		if h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", address, h)
		}
		for _, word := range []string{"src=", "href=", "script", "canary", "http:", "https:"} {
			if strings.Contains(page, word) {
				t.Errorf("%s: %q is in %s", address, word, page)
			}
		}
	}
}

// TestIgnored: what is not the redirect changes nothing.
func TestIgnored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := w.answer("state", w.State().Reveal(), "code", "stolen")
	for name, change := range map[string]func(*http.Request){
		"another host":        func(r *http.Request) { r.Host = "evil.example:" + w.port },
		"no port":             func(r *http.Request) { r.Host = "127.0.0.1" },
		"another port":        func(r *http.Request) { r.Host = "127.0.0.1:1" },
		"a page's script":     func(r *http.Request) { r.Header.Set("Sec-Fetch-Mode", "no-cors") },
		"a cross-origin call": func(r *http.Request) { r.Header.Set("Sec-Fetch-Mode", "cors") },
		"a frame of a page": func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", "iframe")
		},
		"a prefetch":    func(r *http.Request) { r.Header.Set("Sec-Purpose", "prefetch;prerender") },
		"an old one":    func(r *http.Request) { r.Header.Set("X-Moz", "prefetch") },
		"POST":          func(r *http.Request) { r.Method = http.MethodPost },
		"HEAD":          func(r *http.Request) { r.Method = http.MethodHead },
		"another path":  func(r *http.Request) { r.URL.Path = "/" },
		"a longer path": func(r *http.Request) { r.URL.Path += "/" },
		"an icon":       func(r *http.Request) { r.URL.Path = "/favicon.ico" },
	} {
		if response, _ := w.get(good, change); response.StatusCode != 404 {
			t.Errorf("%s: %d", name, response.StatusCode)
		}
	}
	for _, host := range []string{"127.0.0.1:", "localhost:"} {
		if response, _ := w.get(good, func(r *http.Request) {
			r.Host = host + w.port
			r.Header.Set("Sec-Fetch-Mode", "navigate")
			r.Header.Set("Sec-Fetch-Dest", "document")
		}); response.StatusCode != 200 {
			t.Errorf("%s: %d", host, response.StatusCode)
		}
	}
	if code, err := w.Wait(t.Context()); code.Reveal() != "stolen" || err != nil {
		t.Errorf("what came last was the first to count: %v %v", code, err)
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer func(state string) []string
		want   error
	}{
		"no state":             {func(string) []string { return []string{"code", "x"} }, ErrState},
		"wrong state":          {func(s string) []string { return []string{"code", "x", "state", s + "x"} }, ErrState},
		"half of it":           {func(s string) []string { return []string{"code", "x", "state", s[:10]} }, ErrState},
		"two states":           {func(s string) []string { return []string{"code", "x", "state", s, "state", s} }, ErrState},
		"a refusal without it": {func(string) []string { return []string{"error", "access_denied"} }, ErrState},
		"no code":              {func(s string) []string { return []string{"state", s} }, ErrAnswer},
		"empty":                {func(s string) []string { return []string{"state", s, "code", ""} }, ErrAnswer},
		"two codes":            {func(s string) []string { return []string{"state", s, "code", "x", "code", "y"} }, ErrAnswer},
		"a long one":           {func(s string) []string { return []string{"state", s, "code", strings.Repeat("x", longestCode+1)} }, ErrAnswer},
		"a line":               {func(s string) []string { return []string{"state", s, "code", "x\ny"} }, ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			response, page := w.get(w.answer(tc.answer(w.State().Reveal())...))
			if response.StatusCode != 400 || !strings.Contains(page, "Not signed in") {
				t.Errorf("%d %s", response.StatusCode, page)
			}
			if code, err := w.Wait(t.Context()); code != "" || !errors.Is(err, tc.want) {
				t.Errorf("%v %v", code, err)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get(w.answer("state", w.State().Reveal(), "error", "access_denied", "error_description", "no", "code", "x"))
	var refused *Refusal
	code, err := w.Wait(t.Context())
	if !errors.As(err, &refused) || refused.Code != "access_denied" || refused.Error() != "access_denied: no" || code != "" {
		t.Errorf("%v %v", code, err)
	}
	w = newWorld(t)
	w.get(w.answer("state", w.State().Reveal(), "error", strings.Repeat("x", 3000), "error_description", strings.Repeat("é", 3000)))
	if _, err := w.Wait(t.Context()); err == nil || len(err.Error()) > 2*longestReason+len(": ……") || !utf8.ValidString(err.Error()) {
		t.Errorf("a long refusal is told whole: %v", err)
	}
	if (&Refusal{Code: "x"}).Error() != "x" {
		t.Error("a refusal without a description")
	}
}

// TestPageWorksOnce: who is first is sent on, and nobody after.
func TestPageWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const link = "https://oidc.example.com/authorize?state=secret"
	address := w.Page(link)
	if strings.Contains(address, "secret") || !strings.HasPrefix(address, "http://127.0.0.1:"+w.port+"/") {
		t.Errorf("%s", address)
	}
	if response, _ := w.get(address, func(r *http.Request) { r.Host = "evil.example" }); response.Header.Get("Location") != "" {
		t.Error("another host is sent on")
	}
	response, _ := w.get(address)
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != link {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
	response, page := w.get(address)
	if response.StatusCode != http.StatusGone || response.Header.Get("Location") != "" || !strings.Contains(page, "works once") {
		t.Errorf("%d %s", response.StatusCode, page)
	}
}

func TestStatesDiffer(t *testing.T) {
	t.Parallel()
	a, b := newWorld(t), newWorld(t)
	if a.State() == b.State() || a.start.path == b.start.path || a.port == b.port {
		t.Error("two sign-ins share something")
	}
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.patience = time.Millisecond
	if _, err := w.Wait(t.Context()); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w.patience = time.Hour
	if _, err := w.Wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w.Close()
	if conn, err := net.Dial("tcp", "127.0.0.1:"+w.port); err == nil {
		_ = conn.Close()
		t.Error("the port is still open")
	}
}

// TestCloseDoesNotHang on a connection that a browser opened in advance.
func TestCloseDoesNotHang(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	conn, err := net.Dial("tcp", "127.0.0.1:"+w.port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	w.Close()
	w.Close() // twice is no harm
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the connection is still open: %v", err)
	}
}

// FuzzRead: nothing but the right state, once, gives a code.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"state=S&code=x", "state=S&code=x&code=y", "state=S;code=x", "state=s&code=x", "code=x", "state=S&error=e", "state=%53&code=%00", "%", "state=S&state=S&code=x"} {
		f.Add(seed)
	}
	l := &Listener{state: "S"}
	f.Fuzz(func(t *testing.T, query string) {
		a := l.read(query)
		if (a.err == nil) != (a.code != "") {
			t.Errorf("%q: %v %v", query, a.code, a.err)
		}
		values, err := url.ParseQuery(query)
		if a.err == nil && (err != nil || values.Get("state") != "S" || values.Get("code") != a.code.Reveal()) {
			t.Errorf("%q gives a code", query)
		}
	})
}

// TestPeerGuardsThePage and not the redirect, which needs the state.
func TestPeerGuardsThePage(t *testing.T) {
	t.Parallel()
	mine := false
	l, err := Listen(callback, func(net.Conn) error {
		if mine {
			return nil
		}
		return errors.New("another user's")
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	w := &world{T: t, Listener: l, browser: newWorld(t).browser}
	address := w.Page("https://oidc.example.com/authorize?state=secret")
	if response, _ := w.get(address); response.StatusCode != http.StatusNotFound || response.Header.Get("Location") != "" {
		t.Errorf("another user is sent on: %d", response.StatusCode)
	}
	w.get(w.answer("state", w.State().Reveal(), "code", "x"))
	if code, err := w.Wait(t.Context()); err != nil || code.Reveal() != "x" {
		t.Errorf("%v %v", code, err)
	}
	mine = true
	if response, _ := w.get(address); response.Header.Get("Location") == "" {
		t.Error("what another user asked for is spent")
	}
}

// TestPageIsNotSpentAhead by a browser that fetches it before a person looks.
func TestPageIsNotSpentAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	address := w.Page("https://oidc.example.com/authorize?state=secret")
	for _, change := range []func(*http.Request){
		header("Sec-Purpose", "prefetch"), header("Sec-Fetch-Dest", "iframe"), func(r *http.Request) { r.Method = http.MethodHead },
		func(r *http.Request) { r.Host = "localhost:" + w.port },
	} {
		if response, _ := w.get(address, change); response.StatusCode != http.StatusNotFound {
			t.Errorf("%d", response.StatusCode)
		}
	}
	if response, _ := w.get(address); response.StatusCode != http.StatusSeeOther {
		t.Errorf("it was spent: %d", response.StatusCode)
	}
	w.Page("https://oidc.example.com/again")
	w.Close()
	if w.start.link.Load() != nil {
		t.Error("a closed listener keeps the link")
	}
}
