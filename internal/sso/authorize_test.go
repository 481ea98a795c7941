package sso

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// human is a Person of tests: a browser that follows every redirect, and what
// was told.
type human struct {
	*testing.T
	mu     sync.Mutex
	opened []string
	shown  []string
	// visit is what the browser does with an address.
	visit func(address string)
}

func (w *world) human() *human {
	h := &human{T: w.T}
	h.visit = func(address string) {
		response, err := http.Get(address)
		if err != nil {
			h.Errorf("the browser: %v", err)
			return
		}
		defer response.Body.Close()
		page, _ := io.ReadAll(response.Body)
		if !strings.Contains(string(page), "close this page") {
			h.Errorf("the last page: %d %s", response.StatusCode, page)
		}
	}
	w.session.Pause = func(_ context.Context, d time.Duration) error {
		w.aws.Advance(d)
		return nil
	}
	return h
}

func (h *human) person() Person {
	return Person{
		Open: func(_ context.Context, address string) error {
			h.mu.Lock()
			h.opened = append(h.opened, address)
			h.mu.Unlock()
			go h.visit(address)
			return nil
		},
		Show: func(text string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.shown = append(h.shown, text)
		},
		Wait: func(string) func() { return func() {} },
	}
}

func (h *human) told() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.shown, "\n")
}

// unwritten wants a folder without anything half-written, and without a token.
func (w *world) unwritten() {
	w.Helper()
	w.gone()
	entries, _ := os.ReadDir(w.session.Folder)
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".json") {
			w.Errorf("left behind: %s", entry.Name())
		}
	}
}

// authorizeFails wants a fault with the words and nothing written.
func (w *world) authorizeFails(p Person, words ...string) {
	w.Helper()
	_, err := w.session.Authorize(w.Context(), p)
	var f *fault.Error
	if !errors.As(err, &f) {
		w.Fatalf("no fault: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(f.Error(), word) {
			w.Errorf("%q is not in: %v", word, f)
		}
	}
	if strings.ContainsAny(f.Error(), "\n\x1b") {
		w.Errorf("not one line: %q", f.Error())
	}
	w.unwritten()
}

func TestByBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	h := w.human()
	grant, err := w.session.Authorize(t.Context(), h.person())
	if err != nil || !grant.Renewable || grant.Until.Sub(w.aws.Now()).Round(time.Hour) != time.Hour {
		t.Fatalf("%+v %v", grant, err)
	}
	w.gets("Admin")
	if len(h.opened) != 1 || !strings.HasPrefix(h.opened[0], "http://127.0.0.1:") || strings.Contains(h.opened[0], "state=") {
		t.Errorf("a browser's argument is no place for the state: %q", h.opened)
	}
	if told := h.told(); !strings.Contains(told, w.session.OIDC+"authorize?") || !strings.Contains(told, "[sso-session corp]") {
		t.Errorf("told: %s", told)
	}
	info, err := os.Stat(w.path())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	w.aws.Advance(59 * time.Minute)
	w.gets("Admin") // by a refresh
	if n := w.aws.Count("CreateToken"); n != 2 {
		t.Errorf("CreateToken %d", n)
	}
}

// TestTokenFileIsTheAWSCLIs: the members, their order and their forms.
func TestTokenFileIsTheAWSCLIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	if _, err := w.session.Authorize(t.Context(), w.human().person()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(w.path())
	if err != nil {
		t.Fatal(err)
	}
	o, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range o {
		names = append(names, m.name)
	}
	want := []string{"startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt", "refreshToken"}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	for _, name := range []string{"expiresAt", "registrationExpiresAt"} {
		if _, err := time.Parse("2006-01-02T15:04:05Z", o.text(name)); err != nil {
			t.Error(err)
		}
	}
	var file struct {
		ClientID, ClientSecret, ExpiresAt string
		Scopes, GrantTypes                []string
	}
	registration, err := os.ReadFile(w.session.clientPath(portal))
	if err != nil || json.Unmarshal(registration, &file) != nil {
		t.Fatalf("%v %s", err, registration)
	}
	if file.ClientID != o.text("clientId") || file.ClientSecret != o.text("clientSecret") || file.ExpiresAt != o.text("registrationExpiresAt") {
		t.Errorf("%+v", file)
	}
	if d := cmp.Diff([][]string{{"sso:account:access"}, {"authorization_code", "refresh_token"}}, [][]string{file.Scopes, file.GrantTypes}); d != "" {
		t.Error(d)
	}
}

// TestRegistrationIsReused: while it lasts and is for the same.
func TestRegistrationIsReused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	h := w.human()
	sign := func(want int, why string) {
		t.Helper()
		if _, err := w.session.Authorize(t.Context(), h.person()); err != nil {
			t.Fatal(err)
		}
		if n := w.aws.Count("RegisterClient"); n != want {
			t.Errorf("%s: RegisterClient %d, not %d", why, n, want)
		}
	}
	sign(1, "the first")
	sign(1, "the second")
	w.aws.Advance(90*24*time.Hour - 14*time.Minute)
	sign(2, "14 minutes left")
	w.session.Scopes = "sso:account:access, more:scopes"
	sign(3, "other scopes")
	sign(3, "the same scopes")
	path := w.session.clientPath(portal)
	for name, text := range map[string]string{
		"torn": `{"clientId": "x", "clientSe`, "none": `[]`, "half": `{"clientId": "x", "expiresAt": "2999-01-01T00:00:00Z"}`,
		"for a device": `{"clientId": "x", "clientSecret": "y", "expiresAt": "2999-01-01T00:00:00Z", "scopes": ["sso:account:access","more:scopes"]}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sign(w.aws.Count("RegisterClient")+1, name)
	}
}

// TestClientPath holds the names of the AWS CLI's files of registrations.
func TestClientPath(t *testing.T) {
	t.Parallel()
	s := Session{Name: "my-sso", Region: "us-east-1", Scopes: "sso:account:access"}
	for want, scopes := range map[string]string{
		"deb8cc906c2b78450415f3bc940056d81e790b51": "sso:account:access",
		"9cd51de60bd503f5cf0a32fb0d57e23477719f30": "",
	} {
		s.Scopes = scopes
		if got := s.clientPath("https://d-abc.awsapps.com/start"); filepath.Base(got) != want+".json" {
			t.Errorf("%q: %s, not %s", scopes, got, want)
		}
	}
}

func TestPythonText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain": `"plain"`, `a"b\c`: `"a\"b\\c"`, "<&>": `"<&>"`, "ä€": `"\u00e4\u20ac"`, "𝄞": `"\ud834\udd1e"`, "\x7f\x01\n": `"\u007f\u0001\n"`,
	} {
		if got := pythonText(text); got != want {
			t.Errorf("%q: %s, not %s", text, got, want)
		}
	}
}

// TestBrowserAnswers: each answer that is no code has its line, and leaves
// nothing.
func TestBrowserAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		visit func(w *world, redirect, state string)
		words []string
	}{
		"wrong state": {func(w *world, redirect, state string) { w.fetch(redirect + "?code=x&state=" + state[1:]) }, []string{"wrong state", "sign in with: assume-role sso login dev"}},
		"no state":    {func(w *world, redirect, _ string) { w.fetch(redirect + "?code=x") }, []string{"wrong state"}},
		"denied":      {func(w *world, redirect, state string) { w.fetch(redirect + "?error=access_denied&state=" + state) }, []string{"was refused in the browser"}},
		"AWS's error": {func(w *world, redirect, state string) {
			w.fetch(redirect + "?error=server_error&error_description=%1b[31mno%0Ano&state=" + state)
		}, []string{`server_error: \x1b[31mno\nno`}},
		"no code":      {func(w *world, redirect, state string) { w.fetch(redirect + "?state=" + state) }, []string{"without a code"}},
		"a wrong code": {func(w *world, redirect, state string) { w.fetch(redirect + "?code=x&state=" + state) }, []string{"did not take the answer of the browser"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			h := w.human()
			h.visit = func(string) {
				_, link, _ := strings.Cut(h.told(), "\n\n")
				u, err := url.Parse(strings.TrimSpace(link))
				if err != nil {
					t.Error(err)
					return
				}
				tc.visit(w, u.Query().Get("redirect_uri"), u.Query().Get("state"))
			}
			w.authorizeFails(h.person(), tc.words...)
		})
	}
}

func (w *world) fetch(address string) {
	response, err := http.Get(address)
	if err != nil {
		w.Error(err)
		return
	}
	_ = response.Body.Close()
}

// TestPersonRefuses in the browser of the AWS that the tests have.
func TestPersonRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("")
	w.authorizeFails(w.human().person(), "was refused in the browser", "~/.aws/config:7")
}

// TestNoBrowserStarts: the address that was told does.
func TestNoBrowserStarts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	h := w.human()
	p := h.person()
	p.Open = func(context.Context, string) error { return errors.New("there is no browser here") }
	show := p.Show
	p.Show = func(text string) {
		show(text)
		if _, link, ok := strings.Cut(text, "\n\n"); ok {
			go h.visit(strings.TrimSpace(link))
		}
	}
	if _, err := w.session.Authorize(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if told := h.told(); !strings.Contains(told, "No browser could be started (there is no browser here)") {
		t.Errorf("told: %s", told)
	}
}

func TestAuthorizeIsInterrupted(t *testing.T) {
	t.Parallel()
	for _, device := range []bool{false, true} {
		w := newWorld(t)
		ctx, cancel := context.WithCancel(t.Context())
		p := w.human().person()
		p.DeviceCode = device
		p.Open = func(context.Context, string) error { cancel(); return nil }
		w.session.Pause = nil
		w.meddle = func(r *http.Request) *http.Response {
			if r.URL.Path == "/device_authorization" {
				return respond(r, 200, `{"deviceCode":"d","userCode":"u","verificationUri":"https://device.sso.eu-central-1.amazonaws.com/","expiresIn":600,"interval":60}`)
			}
			return nil
		}
		if _, err := w.session.Authorize(ctx, p); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		w.unwritten()
	}
}

// TestSignInCannotBeSaved is told as such: AWS has signed the person in.
func TestSignInCannotBeSaved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	w.session.Folder = filepath.Join(w.session.Folder, "file", "cache")
	if err := os.WriteFile(filepath.Dir(w.session.Folder), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := w.session.Authorize(t.Context(), w.human().person())
	if err == nil || !strings.Contains(err.Error(), "you are signed in at [sso-session corp], but the token could not be saved") {
		t.Errorf("%v", err)
	}
}

// TestSignInWaitsForARefresh: whoever refreshes the old token would put it over
// the new one.
func TestSignInWaitsForARefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	refreshing, err := securefile.Acquire(t.Context(), w.lockPath())
	if err != nil {
		t.Fatal(err)
	}
	waited := ""
	w.session.Note = func(line string) {
		if waited = line; w.session.SignedIn() {
			t.Error("the new token was kept meanwhile")
		}
		refreshing.Release()
	}
	if _, err := w.session.Authorize(t.Context(), w.human().person()); err != nil || !w.session.SignedIn() {
		t.Error(err)
	}
	if !strings.Contains(waited, "which is refreshing the token of [sso-session corp]") {
		t.Errorf("said %q", waited)
	}
}

// TestEnsure: one of many asks the person.
func TestEnsure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	h := w.human()
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := w.session.Ensure(t.Context(), h.person()); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if len(h.opened) != 1 || w.aws.Count("CreateToken") != 1 {
		t.Errorf("%d tabs, %d calls of CreateToken", len(h.opened), w.aws.Count("CreateToken"))
	}
}

// TestEnsureRefused: who refuses once is not asked by those who waited.
func TestEnsureRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("")
	h := w.human()
	visit := h.visit
	waiting := make(chan struct{})
	h.visit = func(address string) { <-waiting; visit(address) }
	p := h.person()
	first := make(chan error, 1)
	shown := p.Show
	begun := make(chan struct{})
	p.Show = func(text string) { shown(text); close(begun) }
	go func() { _, err := w.session.Ensure(t.Context(), p); first <- err }()
	<-begun
	second := *w.session
	second.Note = func(line string) {
		w.add(&w.notes, line)
		close(waiting)
	}
	_, err := second.Ensure(t.Context(), h.person())
	if err == nil || !strings.Contains(err.Error(), "that another process began came to nothing") {
		t.Errorf("the second: %v", err)
	}
	if err := <-first; err == nil || !strings.Contains(err.Error(), "was refused") {
		t.Errorf("the first: %v", err)
	}
	if len(h.opened) != 1 || len(w.notes) != 1 || !strings.Contains(w.notes[0], "which is signing in at [sso-session corp]") {
		t.Errorf("%d tabs, notes %q", len(h.opened), w.notes)
	}
}

// TestEnsureHasNothingToDo where a token lasts; Authorize makes another one.
func TestEnsureHasNothingToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.SetBrowser("alice")
	w.signIn("bob", time.Minute)
	h := w.human()
	if grant, err := w.session.Ensure(t.Context(), h.person()); err != nil || len(h.opened) > 0 || grant.Until.IsZero() {
		t.Errorf("%+v %v, opened %q", grant, err, h.opened)
	}
	before := w.session.SignInID()
	if _, err := w.session.Authorize(t.Context(), h.person()); err != nil || len(h.opened) != 1 || w.session.SignInID() == before {
		t.Errorf("%v, opened %q", err, h.opened)
	}
}

// TestOIDCRefuses: AWS's refusals of each call have their lines.
func TestOIDCRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		path   string
		status int
		text   string
		words  []string
	}{
		"a bad region":     {"/client/register", 400, `{"__type":"InvalidRequestException"}`, []string{"RegisterClient failed: status 400", "sso_region"}},
		"throttled":        {"/client/register", 429, `{"__type":"TooManyRequestsException"}`, []string{"RegisterClient failed: AWS limits how often", "try again in a minute"}},
		"half":             {"/client/register", 200, `{"clientId":"x"}`, []string{"RegisterClient failed: the answer is not complete"}},
		"ended":            {"/client/register", 200, `{"clientId":"x","clientSecret":"y","clientSecretExpiresAt":0}`, []string{"RegisterClient failed: the answer is not complete"}},
		"for ever":         {"/client/register", 200, `{"clientId":"x","clientSecret":"y","clientSecretExpiresAt":4611686018427387904}`, []string{"RegisterClient failed: the answer is not complete"}},
		"no header":        {"/token", 200, `{"accessToken":"x\ny","expiresIn":60}`, []string{"CreateToken failed: the answer is not complete"}},
		"half a token":     {"/token", 200, `{"accessToken":"x"}`, []string{"CreateToken failed: the answer is not complete"}},
		"used":             {"/token", 400, `{"__type":"InvalidGrantException"}`, []string{"did not take the answer of the browser"}},
		"expired":          {"/token", 400, `{"__type":"ExpiredTokenException"}`, []string{"expired before it was entered and confirmed"}},
		"an unknown one":   {"/token", 400, `{"__type":"SomethingException","message":"why"}`, []string{"CreateToken failed: status 400: SomethingException: why"}},
		"forgotten client": {"/token", 401, `{"__type":"InvalidClientException"}`, []string{"no longer knows the registration", "forgotten", "sign in with"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.aws.SetBrowser("alice")
			w.meddle = answering(tc.path, tc.status, tc.text)
			w.authorizeFails(w.human().person(), tc.words...)
			_, kept := readClient(w.session.clientPath(portal))
			if want := tc.path == "/token" && tc.status != 401; kept != want {
				t.Errorf("the registration is kept: %v", kept)
			}
		})
	}
}
