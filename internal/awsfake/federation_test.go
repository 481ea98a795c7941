package awsfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

// sessionJSON is a session as the federation endpoint reads it.
func sessionJSON(k keys) string {
	text, _ := json.Marshal(map[string]string{"sessionId": k.id, "sessionKey": k.secret, "sessionToken": k.token})
	return string(text)
}

// signinForm is a good getSigninToken, changed by pairs of names and values.
func signinForm(c keys, change ...string) url.Values {
	form := url.Values{"Action": {"getSigninToken"}, "Session": {sessionJSON(c)}}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// federate posts a form and returns the status and the page.
func federate(t *testing.T, f *awsfake.Fake, form url.Values) (int, string) {
	t.Helper()
	response, err := http.PostForm(f.URL()+"/federation", form)
	return pageOf(t, response, err)
}

func pageOf(t *testing.T, response *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// follow gets a page of the fake and returns where it leads, or "".
func follow(t *testing.T, address string) (status int, to string) {
	t.Helper()
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := browser.Get(address)
	status, _ = pageOf(t, response, err)
	return status, response.Header.Get("Location")
}

func signinToken(t *testing.T, f *awsfake.Fake, form url.Values) string {
	t.Helper()
	status, page := federate(t, f, form)
	var got struct{ SigninToken string }
	if err := json.Unmarshal([]byte(page), &got); err != nil || status != 200 || got.SigninToken == "" {
		t.Fatalf("%d %s", status, page)
	}
	return got.SigninToken
}

// federationWorld has every kind of credentials.
func federationWorld(t *testing.T) (f *awsfake.Fake, kinds map[string]keys) {
	t.Helper()
	a := newAlice(t)
	second := a.AddRole(awsfake.Role{Name: "second"})
	federated, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	session, role := a.session(t, false), temporary(a.assume(t, a.keys, nil).Credentials)
	chained := a.assume(t, role, func(in *sts.AssumeRoleInput) { in.RoleArn = &second })
	return a.Fake, map[string]keys{
		"keys": a.keys, "session": session, "federated": temporary(federated.Credentials),
		"role": role, "chained": temporary(chained.Credentials), "role of a session": temporary(a.assume(t, session, nil).Credentials),
	}
}

func TestWhoSignsInToTheConsole(t *testing.T) {
	t.Parallel()
	f, kinds := federationWorld(t)
	for name, want := range map[string]struct{ plain, lasting int }{
		"role": {200, 200}, "chained": {200, 400}, "role of a session": {200, 400}, "federated": {200, 400}, "session": {400, 400}, "keys": {400, 400},
	} {
		if status, page := federate(t, f, signinForm(kinds[name])); status != want.plain {
			t.Errorf("%s: %d %s", name, status, page)
		}
		if status, page := federate(t, f, signinForm(kinds[name], "SessionDuration", "43200")); status != want.lasting {
			t.Errorf("%s, with a duration: %d %s", name, status, page)
		}
	}
}

func TestGetSigninTokenIsRefused(t *testing.T) {
	t.Parallel()
	f, kinds := federationWorld(t)
	role := kinds["role"]
	other := role
	other.secret = "wrong"
	forms := map[string]url.Values{
		"another secret":      signinForm(other),
		"no JSON":             signinForm(role, "Session", "x"),
		"more in the session": signinForm(role, "Session", strings.Replace(sessionJSON(role), "{", `{"a":"b",`, 1)),
		"too short":           signinForm(role, "SessionDuration", "899"),
		"too long":            signinForm(role, "SessionDuration", "43201"),
		"no number":           signinForm(role, "SessionDuration", "12h"),
		"another parameter":   signinForm(role, "SessionType", "json"),
		"no action":           signinForm(role, "Action", ""),
	}
	for name, form := range forms {
		status, page := federate(t, f, form)
		if status != 400 || !strings.HasPrefix(page, "<!DOCTYPE html>") || strings.Contains(page, role.secret) {
			t.Errorf("%s: %d %s", name, status, page)
		}
	}
	if status, _ := follow(t, f.URL()+"/federation?"+signinForm(role).Encode()); status != 400 {
		t.Errorf("in an address: %d", status)
	}
	f.Advance(61 * time.Minute)
	if status, _ := federate(t, f, signinForm(role)); status != 400 {
		t.Errorf("expired: %d", status)
	}
}

func TestConsoleLogin(t *testing.T) {
	t.Parallel()
	f, kinds := federationWorld(t)
	const home = "https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1"
	link := func(token, destination string) string {
		return f.URL() + "/federation?" + url.Values{"Action": {"login"}, "Destination": {destination}, "SigninToken": {token}}.Encode()
	}
	token := signinToken(t, f, signinForm(kinds["role"]))
	for _, wrong := range []string{
		"https://console.amazonaws.cn/", "http://console.aws.amazon.com/", "https://console.aws.amazon.com.example/", "https://xconsole.aws.amazon.com/",
		"https://a@console.aws.amazon.com/", "",
	} {
		if status, to := follow(t, link(token, wrong)); status != 400 || to != "" {
			t.Errorf("%s: %d %s", wrong, status, to)
		}
	}
	if status, to := follow(t, link(token, home)); status != 302 || to != home {
		t.Errorf("%d %s", status, to)
	}
	if status, _ := follow(t, link(token, home)); status != 400 {
		t.Errorf("a second time: %d", status)
	}
	late := signinToken(t, f, signinForm(kinds["federated"]))
	f.Advance(15 * time.Minute)
	if status, _ := follow(t, link(late, home)); status != 400 {
		t.Errorf("after 15 minutes: %d", status)
	}
	calls := f.Calls()
	if last := calls[len(calls)-1]; last.Action != "ConsoleLogin" || last.Params["SigninToken"] != "***" {
		t.Errorf("%+v", last)
	}
}

func TestConsoleLogout(t *testing.T) {
	t.Parallel()
	f := start(t, awsfake.Options{Partition: "aws-cn"})
	out := func(to string) string {
		return f.URL() + "/oauth?" + url.Values{"Action": {"logout"}, "redirect_uri": {to}}.Encode()
	}
	for _, to := range []string{f.URL() + "/federation?Action=login", "https://console.amazonaws.cn/console/home"} {
		if status, got := follow(t, out(to)); status != 302 || got != to {
			t.Errorf("%s: %d %s", to, status, got)
		}
	}
	for _, to := range []string{"https://example.com/", "https://console.aws.amazon.com/"} {
		if status, got := follow(t, out(to)); status != 400 || got != "" {
			t.Errorf("%s: %d %s", to, status, got)
		}
	}
}

// A test can have the endpoint be too busy, and refuse.
func TestFederationFaults(t *testing.T) {
	t.Parallel()
	f, kinds := federationWorld(t)
	for _, mode := range []awsfake.Mode{awsfake.Throttle, awsfake.Deny} {
		f.Inject(awsfake.Fault{Action: "GetSigninToken", Mode: mode, Times: 1})
		if status, page := federate(t, f, signinForm(kinds["role"])); status != 400 || !strings.HasPrefix(page, "<!DOCTYPE html>") {
			t.Errorf("%s: %d %s", mode, status, page)
		}
	}
	signinToken(t, f, signinForm(kinds["role"]))
}
