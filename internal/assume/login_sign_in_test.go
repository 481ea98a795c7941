package assume

import (
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

// signsIn is a world whose SignIn is a person with a browser, who is signed in
// to the console as these.
func signsIn(t *testing.T, ago time.Duration, arns ...string) *world {
	t.Helper()
	w := signedInWorld(t, ago)
	w.aws.SetConsole(arns...)
	w.options.SignIn = func(ctx context.Context, s *profile.Source) error {
		return New(w.options).RenewLogin(ctx, s, w.atBrowser())
	}
	return w
}

// atBrowser is a person who opens what is to be opened and follows the first link.
func (w *world) atBrowser() login.Person {
	get := func(address string) string {
		response, err := http.Get(address)
		if err != nil {
			w.Error(err)
			return ""
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		return string(text)
	}
	return login.Person{
		Show: func(string) {}, Note: w.options.Note,
		Open: func(_ context.Context, address string) error {
			link := regexp.MustCompile(`href="([^"]*)"`).FindStringSubmatch(get(address))
			if link != nil {
				get(w.aws.URL() + html.UnescapeString(link[1]))
			}
			return nil
		},
	}
}

// fails expects an error with these words.
func (w *world) failsWith(err error, words ...string) {
	w.Helper()
	var told *fault.Error
	if !errors.As(err, &told) {
		w.Fatalf("%v", err)
	}
	for _, word := range words {
		if !strings.Contains(told.Error(), word) {
			w.Errorf("%q is not in: %v", word, told)
		}
	}
}

// TestSignInWhereNeeded: a session that is missing, has ended or is refused is
// replaced once, and the chain goes on with it.
func TestSignInWhereNeeded(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*world){
		"ended":          func(w *world) {},
		"missing":        func(w *world) { w.removeLogin() },
		"a new password": func(w *world) { w.aws.EndLogin(admin, "USER_CREDENTIALS_CHANGED") },
	} {
		w := signsIn(t, 13*time.Hour, admin)
		spoil(w)
		c, err := New(w.options).Credentials(t.Context(), w.loginChain())
		if err != nil || !c.Complete() {
			t.Fatalf("%s: %v", name, err)
		}
		if got := w.aws.Count("AuthorizeLogin"); got != 1 {
			t.Errorf("%s: %d sign-ins", name, got)
		}
	}
	w := signsIn(t, 0, admin)
	if _, err := New(w.options).Credentials(t.Context(), w.loginChain()); err != nil || w.aws.Count("AuthorizeLogin") != 0 {
		t.Errorf("a session that is good: %v", err)
	}
}

func (w *world) removeLogin() {
	if err := os.Remove(filepath.Join(w.options.LoginCache, login.Key(admin)+".json")); err != nil {
		w.Error(err)
	}
}

// TestNoSignInForOthers: what a sign-in does not mend is told as it is.
func TestNoSignInForOthers(t *testing.T) {
	t.Parallel()
	w := signsIn(t, 16*time.Minute, admin)
	w.aws.EndLogin(admin, "INSUFFICIENT_PERMISSIONS")
	_, err := New(w.options).Credentials(t.Context(), w.loginChain())
	w.failsWith(err, "may not get credentials by signing in")
	w.aws.Inject(awsfake.Fault{Action: "CreateOAuth2Token", Mode: awsfake.Unavailable})
	_, err = New(w.options).Credentials(t.Context(), w.loginChain())
	w.failsWith(err, "refreshing the session of login_session failed")
	if got := w.aws.Count("AuthorizeLogin"); got != 0 {
		t.Errorf("%d sign-ins", got)
	}
}

// TestSignInAsAnother: the profile's session is of one identity, and no other
// takes its place unasked.
func TestSignInAsAnother(t *testing.T) {
	t.Parallel()
	const bob = "arn:aws:iam::123456789012:user/bob"
	w := signsIn(t, 13*time.Hour, bob)
	_, err := New(w.options).Credentials(t.Context(), w.loginChain())
	w.failsWith(err, `profile "corp"`, "the sign-in is of "+bob+", and the profile's is "+admin, "~/.aws/config:9", "assume-role login corp")
	if files, _ := os.ReadDir(w.options.LoginCache); len(files) != 1 {
		t.Errorf("%d files", len(files))
	}
}

// TestSignInFails: each way has its line.
func TestSignInFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*world, *profile.Chain)
		words []string
	}{
		"unavailable": {func(w *world, _ *profile.Chain) {
			w.aws.Inject(awsfake.Fault{Action: "CreateOAuth2Token", Mode: awsfake.Unavailable})
		}, []string{"the sign-in failed: 127.0.0.1"}},
		"cut off": {func(w *world, _ *profile.Chain) {
			w.aws.Inject(awsfake.Fault{Action: "CreateOAuth2Token", Mode: awsfake.Reset})
		}, []string{"the sign-in failed: 127.0.0.1", "the connection broke off"}},
		"a wrong clock": {func(w *world, _ *profile.Chain) {
			w.options.Now = func() time.Time { return w.aws.Now().Add(-10 * time.Minute) }
		}, []string{"AWS Sign-In refused the sign-in", "clock"}},
		"plain http": {func(_ *world, chain *profile.Chain) {
			e := chain.Source.Endpoints["signin"]
			e.URL = "http://192.0.2.1"
			chain.Source.Endpoints["signin"] = e
		}, []string{"plain http to 192.0.2.1 would show the secret"}},
		"no roots": {func(_ *world, chain *profile.Chain) {
			e := chain.Source.Endpoints["signin"]
			e.CABundle = "/there/is/none.pem"
			chain.Source.Endpoints["signin"] = e
		}, []string{"none.pem"}},
	} {
		w := signsIn(t, 0, admin)
		w.removeLogin()
		chain := w.loginChain()
		c.spoil(w, chain)
		err := New(w.options).RenewLogin(t.Context(), &chain.Source, w.atBrowser())
		w.failsWith(err, append(c.words, `profile "corp": `, "~/.aws/config:9")...)
		if files, _ := os.ReadDir(w.options.LoginCache); len(files) != 0 {
			t.Errorf("%s: %d files", name, len(files))
		}
	}
}

// TestSignInInterrupted: Ctrl-C, in the browser's time and at the prompt.
func TestSignInInterrupted(t *testing.T) {
	t.Parallel()
	w := signsIn(t, 0, admin)
	ctx, cancel := context.WithCancel(t.Context())
	person := w.atBrowser()
	person.Open = func(context.Context, string) error { cancel(); return nil }
	if _, err := New(w.options).SignInLogin(ctx, &w.loginChain().Source, person); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
	person.Elsewhere = true
	person.Paste = func(context.Context) (creds.Secret, error) { return "", fault.ErrInterrupted }
	if err := New(w.options).RenewLogin(t.Context(), &w.loginChain().Source, person); err != nil {
		t.Errorf("a session that is new: %v", err)
	}
	w.removeLogin()
	if err := New(w.options).RenewLogin(t.Context(), &w.loginChain().Source, person); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
}
