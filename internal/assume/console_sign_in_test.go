package assume

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/console"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// consoleWorld is a world with an Assumer that sends a role's session to the
// console at an address.
type consoleWorld struct {
	*world
	chain *profile.Chain
	site  console.Site
	role  creds.Credentials
}

func newConsoleWorld(t *testing.T) *consoleWorld {
	t.Helper()
	w := newWorld(t)
	chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
	chain.Services = map[string]profile.Endpoint{"signin": {Region: "us-east-1", Partition: "aws", MaxAttempts: 1}}
	site, err := console.SiteOf("aws")
	if err != nil {
		t.Fatal(err)
	}
	return &consoleWorld{world: w, chain: chain, site: site.At(w.aws.URL()), role: w.get(chain)}
}

func (w *consoleWorld) ask(ctx context.Context, c creds.Credentials, d time.Duration) (creds.Secret, bool, error) {
	return New(w.options).SigninToken(ctx, w.chain, w.site, console.TokenRequest{Credentials: c, Duration: d})
}

func TestSigninToken(t *testing.T) {
	t.Parallel()
	w := newConsoleWorld(t)
	token, whole, err := w.ask(t.Context(), w.role, 12*time.Hour)
	if err != nil || !whole || len(token.Reveal()) < 100 || w.aws.Count("GetSigninToken") != 1 {
		t.Errorf("%v %v", whole, err)
	}
	for _, call := range w.aws.Calls() {
		if call.Action == "GetSigninToken" && (call.Params["SessionDuration"] != "43200" || call.UserAgent != "assume-role/test" || call.AccessKeyID != "") {
			t.Errorf("%+v", call)
		}
	}
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(w.debug.String(), secret) {
			t.Error("a secret is in the debug lines")
		}
	}
}

// TestSigninTokenWithoutDuration: where AWS says no, once more without one, and
// never a third time.
func TestSigninTokenWithoutDuration(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		refused, calls int
		duration       time.Duration
		fine, whole    bool
	}{
		"refused with one":   {1, 2, time.Hour, true, false},
		"refused twice":      {2, 2, time.Hour, false, false},
		"there was none":     {1, 1, 0, false, false},
		"not refused at all": {0, 1, 0, true, true},
	} {
		w := newConsoleWorld(t)
		if tc.refused > 0 {
			w.aws.Inject(awsfake.Fault{Action: "GetSigninToken", Mode: awsfake.Deny, Times: tc.refused})
		}
		_, whole, err := w.ask(t.Context(), w.role, tc.duration)
		if whole != tc.whole || (err == nil) != tc.fine || w.aws.Count("GetSigninToken") != tc.calls {
			t.Errorf("%s: %v %v, %d calls", name, whole, err, w.aws.Count("GetSigninToken"))
		}
	}
}

func TestSigninTokenIsRefused(t *testing.T) {
	t.Parallel()
	w := newConsoleWorld(t)
	const refused = `profile "me": AWS refused to sign these credentials in to the console: they may have ended early or been revoked: get new ones with --refresh`
	if _, _, err := w.ask(t.Context(), w.keys, 0); err == nil || strings.ReplaceAll(err.Error(), w.chain.Profile, "me") != refused {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := w.ask(ctx, w.role, 0); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
	w.chain.Services["signin"] = profile.Endpoint{CABundle: "/no/such/bundle"}
	if _, _, err := w.ask(t.Context(), w.role, 0); err == nil || !strings.Contains(err.Error(), "the CA bundle /no/such/bundle cannot be read") {
		t.Error(err)
	}
}

// TestSigninTokenForeignAnswers: what is not the endpoint's own is told apart
// from its no, and never shown.
func TestSigninTokenForeignAnswers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status     int
		text, want string
	}{
		"a portal":    {302, "<a>", "it answered 302 with what is not AWS's"},
		"a proxy":     {403, "<b>canary</b>", "it answered 403 with what is not AWS's"},
		"no JSON":     {200, "<canary>", "it answered 200 with what is not AWS's"},
		"no token":    {200, `{"canary":"x"}`, "it answered 200 with what is not AWS's"},
		"in trouble":  {500, "canary", "it answered 500 Internal Server Error"},
		"too busy":    {429, "canary", "it answered 429 Too Many Requests: try again later"},
		"not at home": {404, "canary", "it answered 404 with what is not AWS's"},
	} {
		w := newConsoleWorld(t)
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Location", "http://127.0.0.1:1/")
			rw.WriteHeader(tc.status)
			_, _ = rw.Write([]byte(tc.text))
		}))
		t.Cleanup(s.Close)
		w.site = w.site.At(s.URL)
		_, _, err := w.ask(t.Context(), w.role, time.Hour)
		if err == nil || !strings.Contains(err.Error(), "the sign-in to the console failed: "+strings.TrimPrefix(s.URL, "http://")+": "+tc.want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSigninTokenGoesNowhereInTheClear: not a byte to a host that is not this
// machine.
func TestSigninTokenGoesNowhereInTheClear(t *testing.T) {
	t.Parallel()
	w := newConsoleWorld(t)
	w.site = w.site.At("http://192.0.2.1")
	if _, _, err := w.ask(t.Context(), w.role, 0); err == nil || !strings.Contains(err.Error(), "plain http to 192.0.2.1 would show the secret that is sent") {
		t.Error(err)
	}
}
