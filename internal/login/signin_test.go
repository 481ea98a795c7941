package login_test

import (
	"context"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/login"
)

// person signs in at an AWS, with a browser of their own.
type person struct {
	*world
	signIn *login.SignIn
	// shown is the address that they were told.
	shown string
	// link is which of the page's links they follow.
	link string
}

// newPerson is alice, who has no session here yet.
func newPerson(t *testing.T) *person {
	t.Helper()
	return newPersonAt(t, awsfake.Options{})
}

func newPersonAt(t *testing.T, o awsfake.Options) *person {
	t.Helper()
	w := newWorldAt(t, o)
	if err := os.Remove(w.path()); err != nil {
		t.Fatal(err)
	}
	w.aws.SetConsole(alice)
	p := &person{world: w, link: "session-0"}
	p.signIn = &login.SignIn{
		Profile: "dev", Origin: w.session.Origin, Endpoint: w.aws.URL(), Command: "assume-role login dev",
		Client: w.session.Client, Now: w.aws.Now,
		Person: login.Person{
			Note:  w.note,
			Show:  func(address string) { p.shown = address },
			Open:  func(_ context.Context, address string) error { p.browse(address); return nil },
			Paste: func(context.Context) (creds.Secret, error) { return p.copy(), nil },
		},
	}
	return p
}

// browse is a browser, which follows redirects: the page, the person's click,
// and where that leads. It returns the last page.
func (p *person) browse(address string) string {
	page := p.get(address)
	link := regexp.MustCompile(`id="` + p.link + `" href="([^"]*)"`).FindStringSubmatch(page)
	if link == nil {
		p.Errorf("no link %s in %s", p.link, page)
		return ""
	}
	return p.get(p.aws.URL() + html.UnescapeString(link[1]))
}

func (p *person) get(address string) string {
	response, err := http.Get(address)
	if err != nil {
		p.Error(err)
		return ""
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		p.Error(err)
	}
	return string(text)
}

// copy is what the person copies from the confirmation page.
func (p *person) copy() creds.Secret {
	code := regexp.MustCompile(`<code id="code">([^<]*)</code>`).FindStringSubmatch(p.browse(p.shown))
	if code == nil {
		p.Error("the page shows no code")
		return ""
	}
	return creds.Secret(" " + html.UnescapeString(code[1]) + "\n")
}

// keeps signs in and keeps the session, from which credentials then come.
func (p *person) keeps(elsewhere bool) {
	p.Helper()
	p.signIn.Elsewhere = elsewhere
	g, err := p.signIn.Grant(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	if g.Identity != alice {
		p.Fatalf("signed in as %s", g.Identity)
	}
	if err := p.session.Keep(p.Context(), g); err != nil {
		p.Fatal(err)
	}
	p.gets(login.Need{}, 1)
	p.aws.Advance(11 * time.Minute)
	p.gets(login.Need{}, 2) // bound to the key of the sign-in
}

func TestHere(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.keeps(false)
	if !strings.HasPrefix(p.shown, p.aws.URL()+"/v1/authorize?") {
		t.Errorf("shown: %s", p.shown)
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signIn.Open = nil
	p.keeps(true)
}

// TestBrowserSeesNoLink: other users see a program's arguments, and the address
// of the sign-in is not among them.
func TestBrowserSeesNoLink(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signIn.Open = func(_ context.Context, address string) error {
		u, err := url.Parse(address)
		if err != nil || u.Hostname() != "127.0.0.1" || u.RawQuery != "" || strings.Contains(p.aws.URL(), u.Host) {
			t.Errorf("the browser is started with %s", address)
		}
		p.browse(address)
		return nil
	}
	p.keeps(false)
}

// TestFileIsTheCLIs: all members of the AWS CLI's file and no others, for its
// owner alone.
func TestFileIsTheCLIs(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	g, err := p.signIn.Grant(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.session.Folder += "/not/there/yet"
	if err := p.session.Keep(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(p.path())
	if err != nil || os.PathSeparator == '/' && info.Mode() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	text := string(p.read())
	for _, want := range []string{
		`^\{"accessToken":\{"accessKeyId":"ASIA[A-Z0-9]+","accountId":"123456789012","expiresAt":"[0-9-]+T[0-9:]+Z","secretAccessKey":"[^"]+","sessionToken":"[^"]+"\},`,
		`"clientId":"arn:aws:signin:::devtools/same-device","dpopKey":"-----BEGIN EC PRIVATE KEY-----\\n[A-Za-z0-9+/=]{64}\\n`,
		`\\n-----END EC PRIVATE KEY-----\\n","idToken":"[^"]+\.[^"]+\.[^"]+","refreshToken":"[^"]+","tokenType":"aws_sigv4"\}$`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}

// fails expects a sign-in to come to nothing, with these words and no secret.
func (p *person) fails(elsewhere bool, words ...string) {
	p.Helper()
	p.signIn.Elsewhere = elsewhere
	g, err := p.signIn.Grant(p.Context())
	if g != nil || err == nil {
		p.Fatalf("signed in: %v", err)
	}
	text := err.Error()
	for _, word := range append(words, `profile "dev": `) {
		if !strings.Contains(text, word) {
			p.Errorf("%q is not in: %v", word, text)
		}
	}
	for _, secret := range p.aws.Secrets() {
		if strings.Contains(text, secret) || strings.Contains(strings.Join(p.notes, "\n"), secret) {
			p.Errorf("a secret is in: %v %q", text, p.notes)
		}
	}
	if strings.Contains(text, "\n") {
		p.Errorf("more than a line: %q", text)
	}
}

func TestRefusedSignIns(t *testing.T) {
	t.Parallel()
	const again = "sign in again with: assume-role login dev"
	for _, c := range []struct {
		name  string
		spoil func(*person)
		words []string
	}{
		{"cancelled", func(p *person) { p.link = "cancel" }, []string{"the sign-in was refused in the browser", again}},
		{"no permission", func(p *person) { p.aws.RefuseLogin(alice, "INSUFFICIENT_PERMISSIONS") },
			[]string{"may not get credentials by signing in", "have the policy SignInLocalDevelopmentAccess attached"}},
		{"a new password", func(p *person) { p.aws.RefuseLogin(alice, "USER_CREDENTIALS_CHANGED") }, []string{"the password was changed during the sign-in", again}},
		{"too slow", func(p *person) { p.answers(401, "AccessDeniedException", "AUTHCODE_EXPIRED") }, []string{"took too long, or its code was used before", again}},
		{"an old token", func(p *person) { p.answers(401, "AccessDeniedException", "TOKEN_EXPIRED") }, []string{"took too long", again}},
		{"throttled", func(p *person) { p.answers(429, "TooManyRequestsError", "") }, []string{"limits how often", "again in a minute"}},
		{"a bad request", func(p *person) { p.answers(400, "ValidationException", "INVALID_REQUEST") }, []string{"refused the sign-in: status 400: ValidationException", again}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPerson(t)
			c.spoil(p)
			p.fails(false, c.words...)
			if p.content() != nil {
				t.Error("a file was left")
			}
		})
	}
}

// answers has every exchange answered so.
func (p *person) answers(status int, kind, reason string) {
	p.answersWith(status, kind, `{"error":"`+reason+`","message":"m"}`)
}

func (p *person) answersWith(status int, kind, body string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.Redirect(w, r, p.aws.URL()+r.URL.RequestURI(), http.StatusFound)
			return
		}
		if kind != "" {
			w.Header().Set("X-Amzn-Errortype", kind)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	p.Cleanup(server.Close)
	p.signIn.Endpoint = server.URL
}

func (p *person) content() []byte {
	file, _ := os.ReadFile(p.path())
	return file
}

// TestAnswersWithoutASession: what AWS cannot have meant.
func TestAnswersWithoutASession(t *testing.T) {
	t.Parallel()
	token := func(claims string) string {
		return "x." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
	}
	keys := `"accessToken":{"accessKeyId":"A","secretAccessKey":"B","sessionToken":"C"},"expiresIn":900,"tokenType":"aws_sigv4"`
	for body, word := range map[string]string{
		`{}`:             "holds no session",
		`{` + keys + `}`: "holds no session",
		`{"refreshToken":"R",` + strings.Replace(keys, `"B"`, `"B\n"`, 1) + `}`:                         "holds no session",
		`{` + keys + `,"refreshToken":"R"}`:                                                             "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"a.b"}`:                                             "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"a.!.c"}`:                                           "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"alice"}`) + `"}`:                "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"arn:aws:iam::1:root"}`) + `"}`:  "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"`+alice+`\n[default]"}`) + `"}`: "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"`+alice+` # x"}`) + `"}`:        "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"`+alice+`#x"}`) + `"}`:          "does not say who signed in",
		`{` + keys + `,"refreshToken":"R","idToken":"` + token(`{"sub":"`+alice+`;x"}`) + `"}`:          "does not say who signed in",
	} {
		p := newPerson(t)
		p.answersWith(200, "", body)
		p.fails(false, word)
	}
}

// TestForgedAnswer: another page's answer is refused, and no code is redeemed.
func TestForgedAnswer(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signIn.Open = func(context.Context, string) error {
		q, _ := url.Parse(p.shown)
		p.get(q.Query().Get("redirect_uri") + "?code=theirs&state=theirs")
		return nil
	}
	p.fails(false, "the browser brought the answer of another sign-in")
	p.refreshed(0)
}

// TestWrongPastes: each is asked for again, three times in all, and nothing
// that was typed is repeated.
func TestWrongPastes(t *testing.T) {
	t.Parallel()
	for text, word := range map[string]string{
		"":                                       "not the text which the page shows",
		"sesame!":                                "not the text which the page shows",
		"c2VzYW1l":                               "not the text which the page shows",
		"c2VzYW1lx":                              "not the text which the page shows",
		paste("state=theirs&code=sesame"):        "the text of another sign-in",
		paste("state=a&state=b&code=sesame"):     "not the text which the page shows",
		paste("state=theirs&code=sesame&code=x"): "not the text which the page shows",
		strings.TrimRight(paste("state=theirs&code=sesame1"), "="):  "not the text which the page shows",
		paste("state=theirs&code=" + strings.Repeat("sesame", 999)): "not the text which the page shows",
	} {
		p := newPerson(t)
		asked := 0
		p.signIn.Paste = func(context.Context) (creds.Secret, error) { asked++; return creds.Secret(text), nil }
		p.fails(true, word, "sign in again with")
		if asked != 3 || len(p.notes) != 2 || strings.Contains(strings.Join(p.notes, ""), "sesame") {
			t.Errorf("%q: asked %d times, told %q", text, asked, p.notes)
		}
		p.refreshed(0)
	}
}

func paste(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// TestSecondPaste: a slip costs nothing.
func TestSecondPaste(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	whole := p.signIn.Paste
	p.signIn.Paste = func(ctx context.Context) (creds.Secret, error) {
		text, err := whole(ctx)
		if p.signIn.Paste = whole; err != nil {
			return "", err
		}
		part := strings.TrimSpace(text.Reveal())
		return creds.Secret(part[:len(part)/8*4+1]), nil // no whole number of Base64's groups
	}
	p.keeps(true)
}

func TestNoBrowser(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	p.signIn.Open = func(context.Context, string) error {
		go p.browse(p.shown) // the person opens the address that was shown
		return errors.New("xdg-open: exit status 3")
	}
	p.keeps(false)
	if len(p.notes) != 1 || !strings.Contains(p.notes[0], "no browser could be started here (xdg-open: exit status 3): open the address above") {
		t.Errorf("told %q", p.notes)
	}
}

// TestGivenUp: Ctrl-C at any moment ends the sign-in, and leaves nothing.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*person, context.CancelFunc){
		"before the browser": func(p *person, cancel context.CancelFunc) {
			p.signIn.Open = func(context.Context, string) error { cancel(); return context.Canceled }
		},
		"while it is open": func(p *person, cancel context.CancelFunc) {
			p.signIn.Open = func(context.Context, string) error { go cancel(); return nil }
		},
		"during the call": func(p *person, cancel context.CancelFunc) {
			client := p.signIn.Client
			p.signIn.Client = func() (*bearer.Client, error) { cancel(); return client() }
		},
	} {
		p := newPerson(t)
		ctx, cancel := context.WithCancel(t.Context())
		set(p, cancel)
		if g, err := p.signIn.Grant(ctx); g != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		if len(p.notes) > 0 || p.content() != nil {
			t.Errorf("%s: told %q", name, p.notes)
		}
	}
	p := newPerson(t)
	p.signIn.Elsewhere = true
	p.signIn.Paste = func(context.Context) (creds.Secret, error) { return "", context.Canceled }
	if _, err := p.signIn.Grant(t.Context()); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestBadClient: what keeps a client from being made is told as it is.
func TestBadClient(t *testing.T) {
	t.Parallel()
	p := newPerson(t)
	bad := errors.New("no roots")
	p.signIn.Client = func() (*bearer.Client, error) { return nil, bad }
	if _, err := p.signIn.Grant(t.Context()); !errors.Is(err, bad) {
		t.Error(err)
	}
}

// TestUnreachable: whoever calls says why AWS could not be asked.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*person){
		"trouble":        func(p *person) { p.answers(503, "", "") },
		"a proxy's page": func(p *person) { p.answers(403, "", "") },
		"no JSON":        func(p *person) { p.answersWith(200, "", "<html>") },
	} {
		p := newPerson(t)
		spoil(p)
		var out *bearer.Unreachable
		if _, err := p.signIn.Grant(t.Context()); !errors.As(err, &out) || p.content() != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
