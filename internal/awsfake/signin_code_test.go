package awsfake_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

const (
	verifier = "a-verifier.of~forty_three-characters-or-so-0123"
	someUser = "arn:aws:iam::123456789012:user/bob"
	device   = "arn:aws:signin:::devtools/"
)

// authorization is the query of a sign-in that is right, for a test to spoil.
func authorization(f *awsfake.Fake, client string) url.Values {
	redirect := "http://127.0.0.1:4711/oauth/callback"
	if client == "cross-device" {
		redirect = f.URL() + "/v1/sessions/confirmation"
	}
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{
		"response_type": {"code"}, "client_id": {device + client}, "state": {"the state & more"},
		"code_challenge_method": {"SHA-256"}, "scope": {"openid"}, "redirect_uri": {redirect},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
}

// visit opens a page as a browser does, but follows no redirect.
func visit(t *testing.T, address string) (response *http.Response, page string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(text)
}

// click follows a link of a sign-in's page and returns where that leads.
func click(t *testing.T, f *awsfake.Fake, q url.Values, id string) *url.URL {
	t.Helper()
	response, page := visit(t, f.URL()+"/v1/authorize?"+q.Encode())
	link := regexp.MustCompile(`id="` + id + `" href="([^"]*)"`).FindStringSubmatch(page)
	if response.StatusCode != 200 || link == nil {
		t.Fatalf("%s %s", response.Status, page)
	}
	address := f.URL() + html.UnescapeString(link[1])
	response, page = visit(t, address)
	to, err := response.Location()
	if err != nil {
		t.Fatalf("%v: %s", err, page)
	}
	if again, _ := visit(t, address); again.StatusCode != 400 {
		t.Errorf("a page was answered twice: %s", again.Status)
	}
	return to
}

// exchangeOf is the request for a code's session that is right.
func exchangeOf(t *testing.T, f *awsfake.Fake, q url.Values) *refreshRequest {
	t.Helper()
	r := newRefreshRequest(t, f, signInAs(t, f, signedIn)) // for its key
	r.body = map[string]string{
		"clientId": q.Get("client_id"), "grantType": "authorization_code", "redirectUri": q.Get("redirect_uri"),
		"codeVerifier": verifier, "code": click(t, f, q, "session-0").Query().Get("code"),
	}
	return r
}

func atConsole(t *testing.T, arns ...string) *awsfake.Fake {
	t.Helper()
	f := start(t)
	f.SetConsole(arns...)
	return f
}

// TestSameDevice: the person chooses a session, the code is good for it, and
// the key of its proof for what comes after.
func TestSameDevice(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn, someUser)
	q := authorization(f, "same-device")
	to := click(t, f, q, "session-1")
	if !strings.HasPrefix(to.String(), "http://127.0.0.1:4711/oauth/callback?") || to.Query().Get("state") != "the state & more" {
		t.Fatalf("redirected to %s", to)
	}
	r := exchangeOf(t, f, q)
	r.body["code"] = to.Query().Get("code")
	status, answer := r.send(t, f)
	if status != 200 || answer["tokenType"] != "aws_sigv4" || answer["expiresIn"] != 900.0 || len(answer) != 5 {
		t.Fatalf("%d %v", status, answer)
	}
	if got := subject(t, answer["idToken"].(string)); got != someUser {
		t.Errorf("signed in as %s", got)
	}
	r.claims["jti"] = randomID()
	r.body = map[string]string{"clientId": q.Get("client_id"), "grantType": "refresh_token", "refreshToken": answer["refreshToken"].(string)}
	if status, answer := r.send(t, f); status != 200 || answer["idToken"] != nil {
		t.Errorf("refreshed: %d %v", status, answer)
	}
}

func subject(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Sub string `json:"sub"`
	}
	if err != nil || len(parts) != 3 || json.Unmarshal(text, &claims) != nil {
		t.Fatalf("no id token: %v", err)
	}
	return claims.Sub
}

// TestCrossDevice: the page shows what the person types into the program.
func TestCrossDevice(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn)
	q := authorization(f, "cross-device")
	_, page := visit(t, click(t, f, q, "session-0").String())
	shown := regexp.MustCompile(`<code id="code">([^<]*)</code>`).FindStringSubmatch(page)
	if shown == nil {
		t.Fatal(page)
	}
	text, err := base64.StdEncoding.DecodeString(html.UnescapeString(shown[1]))
	if err != nil {
		t.Fatal(err)
	}
	got, err := url.ParseQuery(string(text))
	if err != nil || got.Get("state") != "the state & more" || len(got) != 2 {
		t.Fatalf("%v %v", got, err)
	}
	r := exchangeOf(t, f, q)
	r.body["code"] = got.Get("code")
	if status, answer := r.send(t, f); status != 200 {
		t.Errorf("%d %v", status, answer)
	}
}

// TestCancel: the program is told, and gets no code.
func TestCancel(t *testing.T) {
	t.Parallel()
	f := atConsole(t)
	q := authorization(f, "same-device")
	if got := click(t, f, q, "cancel").Query(); got.Get("error") != "access_denied" || got.Get("state") == "" || got.Has("code") {
		t.Error(got)
	}
	_, page := visit(t, click(t, f, authorization(f, "cross-device"), "cancel").String())
	if strings.Contains(page, "<code") {
		t.Error(page)
	}
}

func TestAuthorizationIsStrict(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn)
	for name, spoil := range map[string]func(url.Values){
		"the method of the RFC": func(q url.Values) { q.Set("code_challenge_method", "S256") },
		"a padded challenge":    func(q url.Values) { q.Set("code_challenge", q.Get("code_challenge")+"=") },
		"a short challenge":     func(q url.Values) { q.Set("code_challenge", "AAAA") },
		"no scope":              func(q url.Values) { q.Del("scope") },
		"scopes":                func(q url.Values) { q.Set("scopes", "openid") },
		"two states":            func(q url.Values) { q.Add("state", "another") },
		"no state":              func(q url.Values) { q.Del("state") },
		"a client":              func(q url.Values) { q.Set("client_id", device+"console") },
		"the other client":      func(q url.Values) { q.Set("client_id", device+"cross-device") },
		"localhost":             func(q url.Values) { q.Set("redirect_uri", "http://localhost:4711/oauth/callback") },
		"another path":          func(q url.Values) { q.Set("redirect_uri", "http://127.0.0.1:4711/") },
		"no port":               func(q url.Values) { q.Set("redirect_uri", "http://127.0.0.1/oauth/callback") },
		"implicit":              func(q url.Values) { q.Set("response_type", "token") },
	} {
		q := authorization(f, "same-device")
		spoil(q)
		if response, page := visit(t, f.URL()+"/v1/authorize?"+q.Encode()); response.StatusCode != 400 {
			t.Errorf("%s: %s %s", name, response.Status, page)
		}
	}
	if response, _ := visit(t, f.URL()+"/v1/sessions/continue?request=x&as="+url.QueryEscape(signedIn)); response.StatusCode != 400 {
		t.Errorf("a page that nobody opened: %s", response.Status)
	}
}

// TestExchangeIsStrict: one thing is wrong at a time, and every attempt uses the
// code up that it names.
func TestExchangeIsStrict(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn)
	q := authorization(f, "same-device")
	for name, spoil := range map[string]func(*refreshRequest){
		"no proof":         func(r *refreshRequest) { r.proofs = 0 },
		"another address":  func(r *refreshRequest) { r.claims["htu"] = f.URL() + "/v1/authorize" },
		"another client":   func(r *refreshRequest) { r.body["clientId"] = device + "cross-device" },
		"another redirect": func(r *refreshRequest) { r.body["redirectUri"] = "http://127.0.0.1:4712/oauth/callback" },
		"another verifier": func(r *refreshRequest) { r.body["codeVerifier"] += "x" },
		"no verifier":      func(r *refreshRequest) { delete(r.body, "codeVerifier") },
		"a refresh token":  func(r *refreshRequest) { r.body["refreshToken"] = "x" },
		"no code":          func(r *refreshRequest) { r.body["code"] = "" },
		"a grant":          func(r *refreshRequest) { r.body["grantType"] = "device_code" },
	} {
		r := exchangeOf(t, f, q)
		spoil(r)
		if status, answer := r.send(t, f); status != 400 || answer["error"] != "INVALID_REQUEST" || answer["kind"] != "ValidationException" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	r := exchangeOf(t, f, q)
	body := maps.Clone(r.body)
	r.body["codeVerifier"] += "x"
	r.send(t, f)
	r.body, r.claims["jti"] = body, randomID()
	expired(t, f, r, "a code that an attempt used up")
	r = exchangeOf(t, f, q)
	if status, answer := r.send(t, f); status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	r.claims["jti"] = randomID()
	expired(t, f, r, "a code again")
	r = exchangeOf(t, f, q)
	f.Advance(10 * time.Minute)
	r.claims["iat"] = f.Now().Unix()
	expired(t, f, r, "an old code")
}

func expired(t *testing.T, f *awsfake.Fake, r *refreshRequest, what string) {
	t.Helper()
	if status, answer := r.send(t, f); status != 401 || answer["error"] != "AUTHCODE_EXPIRED" || answer["kind"] != "AccessDeniedException" {
		t.Errorf("%s: %d %v", what, status, answer)
	}
}

func TestRefuseLogin(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn)
	for _, reason := range []string{"INSUFFICIENT_PERMISSIONS", "USER_CREDENTIALS_CHANGED"} {
		f.RefuseLogin(signedIn, reason)
		if status, answer := exchangeOf(t, f, authorization(f, "same-device")).send(t, f); status != 403 || answer["error"] != reason {
			t.Errorf("%d %v", status, answer)
		}
	}
	panics(t, func() { f.RefuseLogin(signedIn, "TOKEN_EXPIRED") })
	panics(t, func() { f.SetConsole("bob") })
}

func TestSignInThrottles(t *testing.T) {
	t.Parallel()
	f := atConsole(t, signedIn)
	r := exchangeOf(t, f, authorization(f, "same-device"))
	f.Inject(awsfake.Fault{Action: "CreateOAuth2Token", Mode: awsfake.Throttle, Times: 1})
	if status, answer := r.send(t, f); status != 429 || answer["kind"] != "TooManyRequestsError" {
		t.Errorf("%d %v", status, answer)
	}
}
