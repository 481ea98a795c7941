package awsfake_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// refreshing is the body of a refresh by a token file's members.
func refreshing(file map[string]string) map[string]string {
	return map[string]string{
		"clientId": file["clientId"], "clientSecret": file["clientSecret"],
		"grantType": "refresh_token", "refreshToken": file["refreshToken"],
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.AddAssignment("alice", "123456789012", "Admin", 0)
	file := signIn(t, f, awsfake.SSOSignIn{User: "alice"})
	status, _, got := ssoCall(t, f, "POST", "/token", "", refreshing(file))
	if status != 200 || got["expiresIn"] != 3600.0 || got["tokenType"] != "Bearer" || got["refreshToken"] == file["refreshToken"] {
		t.Fatalf("%d %v", status, got)
	}
	if status, _, _ := ssoCall(t, f, "GET", adminPath, got["accessToken"].(string), nil); status != 200 {
		t.Errorf("the new token: %d", status)
	}
	if status, code, _ := ssoCall(t, f, "POST", "/token", "", refreshing(file)); status != 400 || code != "InvalidGrantException" {
		t.Errorf("the old refresh token: %d %s", status, code)
	}
}

func TestRefreshWithAFixedToken(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	file := signIn(t, f, awsfake.SSOSignIn{User: "alice", Fixed: true})
	for range 2 {
		status, _, got := ssoCall(t, f, "POST", "/token", "", refreshing(file))
		if _, has := got["refreshToken"]; status != 200 || has {
			t.Errorf("%d %v", status, got)
		}
	}
}

func TestRefreshRefused(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	file := signIn(t, f, awsfake.SSOSignIn{User: "alice"})
	other := signIn(t, f, awsfake.SSOSignIn{User: "bob"})
	for name, tc := range map[string]struct {
		member, value string
		status        int
		code, reason  string
	}{
		"another grant":          {"grantType", "password", 400, "UnsupportedGrantTypeException", "unsupported_grant_type"},
		"another client":         {"clientId", "x", 401, "InvalidClientException", "invalid_client"},
		"another secret":         {"clientSecret", "x", 401, "InvalidClientException", "invalid_client"},
		"another client's token": {"refreshToken", other["refreshToken"], 400, "InvalidGrantException", "invalid_grant"},
	} {
		body := refreshing(file)
		body[tc.member] = tc.value
		if status, code, got := ssoCall(t, f, "POST", "/token", "", body); status != tc.status || code != tc.code || got["error"] != tc.reason {
			t.Errorf("%s: %d %s %v", name, status, code, got)
		}
	}
	if status, code, _ := ssoCall(t, f, "POST", "/token", "", "text"); status != 400 || code != "InvalidRequestException" {
		t.Errorf("no object: %d %s", status, code)
	}
	f.EndSSO("alice")
	if status, code, _ := ssoCall(t, f, "POST", "/token", "", refreshing(file)); code != "InvalidGrantException" {
		t.Errorf("after the end: %d %s", status, code)
	}
	f.Advance(91 * 24 * time.Hour)
	if status, code, _ := ssoCall(t, f, "POST", "/token", "", refreshing(other)); code != "InvalidClientException" {
		t.Errorf("after the registration's end: %d %s", status, code)
	}
	f.Inject(awsfake.Fault{Action: "CreateToken", Mode: awsfake.Throttle, Times: 1})
	if status, code, _ := ssoCall(t, f, "POST", "/token", "", refreshing(other)); status != 429 {
		t.Errorf("throttled: %d %s", status, code)
	}
}

// TestDeviceCode goes through all answers that a poll can get.
func TestDeviceCode(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.AddAssignment("alice", "123456789012", "Admin", 0)
	_, _, client := ssoCall(t, f, "POST", "/client/register", "", map[string]any{"clientName": "x", "clientType": "public", "scopes": []string{"sso:account:access"}})
	start := map[string]any{"clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": startURL}
	begin := func() map[string]any {
		_, _, device := ssoCall(t, f, "POST", "/device_authorization", "", start)
		return map[string]any{
			"clientId": client["clientId"], "clientSecret": client["clientSecret"],
			"grantType": "urn:ietf:params:oauth:grant-type:device_code", "deviceCode": device["deviceCode"],
		}
	}
	poll := func(body map[string]any, want string) map[string]any {
		t.Helper()
		f.Advance(6 * time.Second)
		_, code, got := ssoCall(t, f, "POST", "/token", "", body)
		if code != want {
			t.Errorf("%q, not %q", code, want)
		}
		return got
	}
	body := begin()
	poll(body, "AuthorizationPendingException")
	if _, code, _ := ssoCall(t, f, "POST", "/token", "", body); code != "SlowDownException" {
		t.Errorf("at once: %q", code)
	}
	f.AnswerDevices("alice", true)
	got := poll(body, "")
	if status, _, _ := ssoCall(t, f, "GET", adminPath, got["accessToken"].(string), nil); status != 200 || got["refreshToken"] == nil {
		t.Errorf("%d %v", status, got)
	}
	poll(body, "InvalidGrantException")
	body = begin()
	f.AnswerDevices("alice", false)
	poll(body, "AccessDeniedException")
	f.AnswerDevicesAtOnce("alice")
	poll(begin(), "")
	f.AnswerDevicesAtOnce("")
	body = begin()
	f.Advance(11 * time.Minute)
	poll(body, "ExpiredTokenException")
}

func TestRegistrationRefused(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	if status, code, _ := ssoCall(t, f, "POST", "/client/register", "", map[string]string{"clientName": "x", "clientType": "confidential"}); status != 400 || code != "InvalidClientMetadataException" {
		t.Errorf("%d %s", status, code)
	}
	if status, code, _ := ssoCall(t, f, "POST", "/device_authorization", "", map[string]string{"startUrl": startURL}); status != 401 || code != "InvalidClientException" {
		t.Errorf("%d %s", status, code)
	}
}

// TestARegistrationThatComesBack is for clients with an authorization code.
func TestARegistrationThatComesBack(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	for name, tc := range map[string]struct {
		member string
		value  any
		code   string
	}{
		"a port":      {"redirectUris", []string{"http://127.0.0.1:4711/oauth/callback"}, "InvalidRedirectUriException"},
		"elsewhere":   {"redirectUris", []string{"https://evil.example/"}, "InvalidRedirectUriException"},
		"nowhere":     {"redirectUris", []string{}, "InvalidRequestException"},
		"no portal":   {"issuerUrl", "", "InvalidRequestException"},
		"all is well": {"clientName", "y", ""},
	} {
		body := map[string]any{
			"clientName": "x", "clientType": "public", "grantTypes": []string{"authorization_code", "refresh_token"},
			"redirectUris": []string{"http://127.0.0.1/oauth/callback"}, "issuerUrl": startURL,
		}
		body[tc.member] = tc.value
		if _, code, _ := ssoCall(t, f, "POST", "/client/register", "", body); code != tc.code {
			t.Errorf("%s: %q", name, code)
		}
	}
}

// TestRefreshNeedsScopes: a client without scopes gets no refresh token, as the
// profiles without an sso-session.
func TestRefreshNeedsScopes(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.SetPollInterval(time.Second)
	_, _, client := ssoCall(t, f, "POST", "/client/register", "", map[string]string{"clientName": "x", "clientType": "public"})
	_, _, device := ssoCall(t, f, "POST", "/device_authorization", "", map[string]any{
		"clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": startURL,
	})
	if device["interval"] != 1.0 {
		t.Errorf("the interval: %v", device["interval"])
	}
	f.AnswerDevices("alice", true)
	_, _, got := ssoCall(t, f, "POST", "/token", "", map[string]any{
		"clientId": client["clientId"], "clientSecret": client["clientSecret"],
		"grantType": "urn:ietf:params:oauth:grant-type:device_code", "deviceCode": device["deviceCode"],
	})
	if got["accessToken"] == nil || got["refreshToken"] != nil {
		t.Errorf("%v", got)
	}
	f.ForgetClients()
	if _, code, _ := ssoCall(t, f, "POST", "/device_authorization", "", map[string]any{
		"clientId": client["clientId"], "clientSecret": client["clientSecret"], "startUrl": startURL,
	}); code != "InvalidClientException" {
		t.Errorf("after all were forgotten: %q", code)
	}
}

// TestAskInBrowser: the page waits for a click, which counts once.
func TestAskInBrowser(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.SetBrowser("alice")
	f.AskInBrowser()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	click := func(answer string) url.Values {
		t.Helper()
		page, _ := pkce(t, f)
		shown, err := client.Get(f.URL() + "/authorize?" + page.Encode())
		if err != nil {
			t.Fatal(err)
		}
		defer shown.Body.Close()
		text, _ := io.ReadAll(shown.Body)
		_, rest, _ := strings.Cut(string(text), "name=page value=")
		name, _, _ := strings.Cut(rest, ">")
		var back url.Values
		for _, want := range []int{http.StatusSeeOther, http.StatusBadRequest} {
			clicked, err := client.PostForm(f.URL()+"/authorize/answer", url.Values{"page": {name}, "answer": {answer}})
			if err != nil {
				t.Fatal(err)
			}
			_ = clicked.Body.Close()
			if clicked.StatusCode != want {
				t.Errorf("%s: %d, not %d", answer, clicked.StatusCode, want)
			}
			if to, err := clicked.Location(); err == nil {
				back = to.Query()
			}
		}
		return back
	}
	if back := click("allow"); back.Get("code") == "" || back.Get("state") != "st/ate" {
		t.Errorf("allowed: %v", back)
	}
	if back := click("deny"); back.Get("error") != "access_denied" || back.Get("code") != "" {
		t.Errorf("denied: %v", back)
	}
}

// authorize opens the authorization page as a browser does, and
// returns where it is sent on to.
func authorize(t *testing.T, f *awsfake.Fake, q url.Values) (status int, back url.Values) {
	t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Get(f.URL() + "/authorize?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, to.Query()
}

// pkce registers a client and returns what its page and its exchange need.
func pkce(t *testing.T, f *awsfake.Fake) (page url.Values, exchange map[string]string) {
	t.Helper()
	_, _, client := ssoCall(t, f, "POST", "/client/register", "", map[string]any{
		"clientName": "x", "clientType": "public", "grantTypes": []string{"authorization_code", "refresh_token"},
		"redirectUris": []string{"http://127.0.0.1/oauth/callback"}, "issuerUrl": startURL, "scopes": []string{"sso:account:access"},
	})
	const redirect = "http://127.0.0.1:4711/oauth/callback"
	verifier := strings.Repeat("verifier", 8)
	sum := sha256.Sum256([]byte(verifier))
	id, _ := client["clientId"].(string)
	secret, _ := client["clientSecret"].(string)
	page = url.Values{
		"response_type": {"code"}, "client_id": {id}, "redirect_uri": {redirect}, "state": {"st/ate"},
		"code_challenge_method": {"S256"}, "scopes": {"sso:account:access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	return page, map[string]string{
		"clientId": id, "clientSecret": secret, "grantType": "authorization_code", "codeVerifier": verifier, "redirectUri": redirect,
	}
}

func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.AddAssignment("alice", "123456789012", "Admin", 0)
	f.SetBrowser("alice")
	page, exchange := pkce(t, f)
	status, back := authorize(t, f, page)
	if status != http.StatusSeeOther || back.Get("state") != "st/ate" {
		t.Fatalf("%d %v", status, back)
	}
	exchange["code"] = back.Get("code")
	status, _, got := ssoCall(t, f, "POST", "/token", "", exchange)
	token, _ := got["accessToken"].(string)
	if status != 200 || got["refreshToken"] == nil {
		t.Fatalf("%d %v", status, got)
	}
	if status, _, _ := ssoCall(t, f, "GET", adminPath, token, nil); status != 200 {
		t.Errorf("the token: %d", status)
	}
	if _, code, _ := ssoCall(t, f, "POST", "/token", "", exchange); code != "InvalidGrantException" {
		t.Errorf("the code again: %s", code)
	}
	f.SetBrowser("")
	if _, back := authorize(t, f, page); back.Get("error") != "access_denied" || back.Get("code") != "" || back.Get("state") != "st/ate" {
		t.Errorf("refused: %v", back)
	}
}

func TestAuthorizationRefused(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.SetBrowser("alice")
	for name, value := range map[string]string{
		"response_type": "token", "client_id": "x", "redirect_uri": "http://127.0.0.1:1/elsewhere", "state": "",
		"code_challenge_method": "plain", "scopes": "sso:account:access more", "code_challenge": "short",
	} {
		page, _ := pkce(t, f)
		page.Set(name, value)
		if status, back := authorize(t, f, page); status < 400 || len(back) > 0 {
			t.Errorf("%s: %d %v", name, status, back)
		}
	}
	for _, redirect := range []string{"https://evil.example/oauth/callback", "http://127.0.0.1/oauth/callback", "http://localhost:1/oauth/callback"} {
		page, _ := pkce(t, f)
		page.Set("redirect_uri", redirect)
		if status, _ := authorize(t, f, page); status != 400 {
			t.Errorf("%s: %d", redirect, status)
		}
	}
}

func TestExchangeRefused(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.SetBrowser("alice")
	for name, value := range map[string]string{"codeVerifier": strings.Repeat("x", 64), "redirectUri": "http://127.0.0.1:1/oauth/callback", "code": "x"} {
		page, exchange := pkce(t, f)
		_, back := authorize(t, f, page)
		exchange["code"] = back.Get("code")
		exchange[name] = value
		if _, code, _ := ssoCall(t, f, "POST", "/token", "", exchange); code != "InvalidGrantException" {
			t.Errorf("%s: %q", name, code)
		}
	}
	page, exchange := pkce(t, f)
	_, back := authorize(t, f, page)
	exchange["code"] = back.Get("code")
	f.Advance(11 * time.Minute)
	if _, code, _ := ssoCall(t, f, "POST", "/token", "", exchange); code != "ExpiredTokenException" {
		t.Errorf("late: %q", code)
	}
}
