package sso

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

// devicePage is where the fake has people enter codes.
const devicePage = "https://d-abc.awsapps.com/start/#/device"

// TestByDevice: the code is told, and the address without it is what opens.
func TestByDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.human()
	h.visit = func(string) { w.aws.AnswerDevices("alice", true) }
	p := h.person()
	p.DeviceCode = true
	p.Open = func(_ context.Context, address string) error { // before the first poll
		h.opened = append(h.opened, address)
		h.visit(address)
		return nil
	}
	grant, err := w.session.Authorize(t.Context(), p)
	if err != nil || !grant.Renewable {
		t.Fatalf("%+v %v", grant, err)
	}
	w.gets("Admin")
	if len(h.opened) != 1 || h.opened[0] != devicePage {
		t.Errorf("opened: %q", h.opened)
	}
	if told := h.told(); !strings.Contains(told, "    "+devicePage+"\n") || !strings.Contains(told, "enter the code") || strings.Contains(told, "user_code=") {
		t.Errorf("told: %s", told)
	}
	if c, ok := readClient(w.session.clientPath(portal)); !ok || c.grants != nil || len(c.scopes) != 1 {
		t.Errorf("the registration: %v %v %v", ok, c.grants, c.scopes)
	}
}

// TestLegacySignsInByDevice, whatever else there is: its token is not renewed.
func TestLegacySignsInByDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.legacy()
	h := w.human()
	h.visit = func(string) { w.aws.AnswerDevices("alice", true) }
	grant, err := w.session.Authorize(t.Context(), h.person())
	if err != nil || grant.Renewable || w.aws.Count("Authorize") > 0 {
		t.Fatalf("%+v %v", grant, err)
	}
	if _, has := w.file()["refreshToken"]; has {
		t.Error("a refresh token without scopes")
	}
	w.gets("Admin")
}

// TestPolling: the interval is AWS's, and grows when AWS says so.
func TestPolling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.human()
	p := h.person()
	p.DeviceCode, p.Open = true, nil
	answers := []string{
		`400 {"__type":"AuthorizationPendingException"}`, `400 {"__type":"SlowDownException"}`, `400 {"__type":"AuthorizationPendingException"}`,
		`503 {}`, `429 {"__type":"TooManyRequestsException"}`, `200 {"accessToken":"the access token","expiresIn":60}`,
	}
	w.meddle = func(r *http.Request) *http.Response {
		if r.URL.Path != "/token" {
			return nil
		}
		status, text, _ := strings.Cut(answers[0], " ")
		if status != "503" && status != "429" || w.again(status) {
			answers = answers[1:]
		}
		return respond(r, map[string]int{"400": 400, "429": 429, "503": 503, "200": 200}[status], text)
	}
	var waits []string
	w.session.Pause = func(_ context.Context, d time.Duration) error {
		waits = append(waits, d.String())
		return nil
	}
	if _, err := w.session.Authorize(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(waits, " "); got != "5s 5s 10s 10s 10s 15s" {
		t.Errorf("waited %s", got)
	}
}

// again is true at the third try, the client's last.
func (w *world) again(status string) bool {
	w.add(&w.debug, "try "+status)
	n := 0
	for _, line := range w.debug {
		if line == "try "+status {
			n++
		}
	}
	return n%3 == 0
}

// TestDeviceAnswers: each end that is no token has its line.
func TestDeviceAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		do    func(*world)
		words string
	}{
		"denied":  {func(w *world) { w.aws.AnswerDevices("alice", false) }, "was refused in the browser (~/.aws/config:7): sign in with: assume-role sso login dev"},
		"expired": {func(w *world) { w.aws.Advance(11 * time.Minute) }, "the code for [sso-session corp] expired before it was entered and confirmed"},
		"nobody":  {func(*world) {}, "expired before it was entered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.human().person()
			p.DeviceCode = true
			p.Open = func(context.Context, string) error { tc.do(w); return nil }
			w.authorizeFails(p, tc.words)
		})
	}
}

// TestForgottenRegistration: one that AWS no longer knows is made anew.
func TestForgottenRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.human().person()
	p.DeviceCode = true
	p.Open = func(context.Context, string) error { w.aws.AnswerDevices("alice", true); return nil }
	for range 2 {
		if _, err := w.session.Authorize(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		w.aws.ForgetClients()
	}
	if n := w.aws.Count("RegisterClient"); n != 2 {
		t.Errorf("RegisterClient %d", n)
	}
	w.meddle = answering("/device_authorization", 401, `{"__type":"InvalidClientException"}`)
	_, err := w.session.Authorize(t.Context(), p)
	if err == nil || !strings.Contains(err.Error(), "no longer knows the registration") || w.aws.Count("RegisterClient") != 3 {
		t.Errorf("%v, RegisterClient %d", err, w.aws.Count("RegisterClient"))
	}
}

// TestAddressesOfOthers: what is not https is refused, what is not AWS's is
// told and not opened.
func TestAddressesOfOthers(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", longestShown)
	for address, want := range map[string]string{
		"https://device.sso.eu-central-1.amazonaws.com/": "opened",
		"https://d-abc.awsapps.com/start/#/device":       "opened",
		"http://127.0.0.1:1/device":                      "opened",
		"https://evil.example/device":                    "told",
		"https://d-abc.awsapps.com.evil.example/":        "told",
		"https://bucket.s3.eu-central-1.amazonaws.com/":  "told",
		"https://awsapps.com@evil.example/":              "refused",
		"http://d-abc.awsapps.com/start":                 "refused",
		"file:///etc/passwd":                             "refused",
		"javascript:alert(1)":                            "refused",
		"https://":                                       "refused",
		"https://d-abc.awsapps.com/\x1b[2J":              "refused",
		"https://d-abc.\u0430wsapps.com/":                "refused", // Cyrillic
		"https://d-abc.awsapps.com/\u00e9":               "refused",
		"https://d-abc.awsapps.com/" + long:              "refused",
	} {
		w := newWorld(t)
		h := w.human()
		h.visit = func(string) {}
		p := h.person()
		p.DeviceCode = true
		text, _ := json.Marshal(map[string]any{"deviceCode": "d", "userCode": "ABCD-EFGH", "verificationUri": address, "expiresIn": 600})
		w.meddle = func(r *http.Request) *http.Response {
			switch r.URL.Path {
			case "/device_authorization":
				return respond(r, 200, string(text))
			case "/token":
				return respond(r, 400, `{"__type":"AccessDeniedException"}`)
			}
			return nil
		}
		_, err := w.session.Authorize(t.Context(), p)
		got := "refused"
		switch {
		case len(h.opened) > 0:
			got = "opened"
		case strings.Contains(h.told(), "open it only if you know it"):
			got = "told"
		}
		if got != want || err == nil || len(err.Error()) > 3*longestShown || strings.Contains(err.Error()+h.told(), "\x1b") {
			t.Errorf("%q: %s, not %s: %v", address, got, want, err)
		}
	}
}

// TestDeviceCodeIsShownAsItIs: a code that would move the cursor does not.
func TestDeviceCodeIsShownAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.human()
	p := h.person()
	p.DeviceCode, p.Open = true, nil
	w.meddle = func(r *http.Request) *http.Response {
		switch r.URL.Path {
		case "/device_authorization":
			return respond(r, 200, `{"deviceCode":"d","userCode":"A\u001b[2JB\u202e","verificationUri":"https://d-abc.awsapps.com/","expiresIn":600}`)
		case "/token":
			return respond(r, 400, `{"__type":"AccessDeniedException"}`)
		}
		return nil
	}
	if _, err := w.session.Authorize(t.Context(), p); err == nil {
		t.Error("no error")
	}
	if told := h.told(); !strings.Contains(told, `A\x1b[2JB\u202e`) {
		t.Errorf("told: %q", told)
	}
}

// TestDeviceThatIsNone: what no person could type in, or no call carry.
func TestDeviceThatIsNone(t *testing.T) {
	t.Parallel()
	whole := device{DeviceCode: "d", UserCode: "ABCD-EFGH", VerificationURI: "https://d-abc.awsapps.com/", ExpiresIn: 600}
	if !whole.complete() {
		t.Error("a whole one is refused")
	}
	for name, spoil := range map[string]func(*device){
		"no device code": func(d *device) { d.DeviceCode = "" },
		"no code":        func(d *device) { d.UserCode = "" },
		"a long code":    func(d *device) { d.UserCode = strings.Repeat("A", longestUserCode+1) },
		"no address":     func(d *device) { d.VerificationURI = "" },
		"no time":        func(d *device) { d.ExpiresIn = 0 },
		"time gone":      func(d *device) { d.ExpiresIn = -1 },
	} {
		d := whole
		if spoil(&d); d.complete() {
			t.Errorf("%s: %+v is taken", name, d)
		}
	}
}

func TestDeviceBounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		d                  device
		lifetime, interval time.Duration
	}{
		{device{ExpiresIn: 600, Interval: 7}, 10 * time.Minute, 7 * time.Second},
		{device{ExpiresIn: 1 << 62, Interval: 1 << 62}, longestDevice, longestInterval},
		{device{ExpiresIn: 1}, time.Second, defaultInterval},
		{device{ExpiresIn: 1, Interval: -1}, time.Second, defaultInterval},
	} {
		if tc.d.lifetime() != tc.lifetime || tc.d.interval() != tc.interval {
			t.Errorf("%+v: %s, %s", tc.d, tc.d.lifetime(), tc.d.interval())
		}
	}
}

// TestPauseIsInterrupted: nobody waits for a poll after Ctrl-C.
func TestPauseIsInterrupted(t *testing.T) {
	t.Parallel()
	if err := (&Session{}).pause(cancelled(t), time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := (&Session{}).pause(t.Context(), time.Nanosecond); err != nil {
		t.Errorf("%v", err)
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if untold, err := w.session.SignOut(t.Context()); untold != nil || err != nil || w.session.SignedIn() {
		t.Errorf("nobody: %v %v", untold, err)
	}
	w.signIn("alice", time.Hour)
	registration := w.session.clientPath(portal)
	if err := os.WriteFile(registration, []byte(`{"clientId":"x","clientSecret":"y","expiresAt":"2999-01-01T00:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if start, in := w.session.SignedInAt(); start != portal || in != home || !w.session.SignedIn() {
		t.Errorf("%s %s", start, in)
	}
	cut := filepath.Join(w.session.Folder, "."+filepath.Base(w.path())+".tmp1") // of a run that was killed
	if err := os.WriteFile(cut, []byte("a token"), 0o600); err != nil {
		t.Fatal(err)
	}
	old := w.session.held().access.Reveal()
	if untold, err := w.session.SignOut(t.Context()); untold != nil || err != nil {
		t.Errorf("%v %v", untold, err)
	}
	w.gone()
	if _, err := os.Stat(cut); err == nil {
		t.Error("what a write that was cut short left is still there")
	}
	if _, err := os.Stat(registration); err != nil {
		t.Errorf("the registration is gone: %v", err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), "GET", w.aws.URL()+"/federation/credentials?account_id=123456789012&role_name=Admin", nil)
	request.Header.Set("X-Amz-Sso_bearer_token", old)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 401 {
		t.Errorf("the token still works: %v %v", response.StatusCode, err)
	}
	_ = response.Body.Close()
}

// TestSignOutUntold: whatever AWS says, the token goes.
func TestSignOutUntold(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		text   string
		told   bool
	}{
		"offline":         {503, "", false},
		"a captive page":  {403, "<html>", false},
		"throttled":       {429, `{"__type":"TooManyRequestsException"}`, false},
		"signed out":      {401, `{"__type":"UnauthorizedException"}`, true},
		"a proxy says no": {401, "no", false},
	} {
		w := newWorld(t)
		w.signIn("alice", time.Hour)
		w.meddle = answering("/logout", tc.status, tc.text)
		untold, err := w.session.SignOut(t.Context())
		if err != nil || (untold == nil) != tc.told {
			t.Errorf("%s: %v %v", name, untold, err)
		}
		w.gone()
	}
}

func TestSignOutOfATokenThatDoesNotFit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write(w.aws.SSOToken(awsfake.SSOSignIn{User: "alice", StartURL: "https://d-other.awsapps.com/start", Region: "us-east-1"}))
	w.session.File = w.session.key() + ".json"
	if _, err := w.session.SignOut(t.Context()); err != nil || w.aws.Count("Logout") != 1 {
		t.Errorf("%v, Logout %d", err, w.aws.Count("Logout"))
	}
	w.gone()
}
