package assume

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// atPortal is a person whose browser is at the portal, where alice is signed
// in.
func (w *world) atPortal() sso.Person {
	w.aws.SetBrowser("alice")
	return sso.Person{
		Show: func(string) {}, Wait: func(string) func() { return func() {} },
		Open: func(_ context.Context, address string) error {
			go func() {
				if response, err := http.Get(address); err == nil {
					_ = response.Body.Close()
				}
			}()
			return nil
		},
	}
}

// asksAtPortal is a plan whose person signs in when only that helps; asked
// counts how often.
func asksAtPortal(t *testing.T) (w *world, chain *profile.Chain, asked *int) {
	t.Helper()
	w = newWorld(t)
	chain, asked = w.ssoChain(), new(int)
	w.options.SignIn = func(ctx context.Context, s *profile.Source) error {
		*asked++
		_, err := New(w.options).SignInSSO(ctx, s, w.atPortal(), false)
		return err
	}
	return w, chain, asked
}

// TestSSOSignsIn: where nobody is signed in, and where the portal refuses who
// is; and the session is filed under the new sign-in.
func TestSSOSignsIn(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*world){
		"nobody":  func(*world) {},
		"another": func(w *world) { w.ssoSignIn("bob"); w.aws.EndSSO("bob") },
	} {
		w, chain, asked := asksAtPortal(t)
		before(w)
		chain.Calls = []profile.Call{w.role(awsfake.Role{Name: "over"})}
		first := w.get(chain)
		if *asked != 1 || first.AccountID != "123456789012" {
			t.Errorf("%s: asked %d times: %+v", name, *asked, first)
		}
		if again := w.get(chain); again != first || *asked != 1 {
			t.Errorf("%s: the session of the new sign-in is not kept", name)
		}
		if err := os.Remove(filepath.Join(w.options.SSOCache, sso.Key("corp")+".json")); err != nil {
			t.Fatal(err)
		}
		w.options.SignIn = nil
		w.fails(chain, "nobody is signed in")
	}
}

// TestSSONobodyIsThere: the error is the one that needs the sign-in.
func TestSSONobodyIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.options.SignIn = func(context.Context, *profile.Source) error { return ErrNobody }
	w.fails(chain, "nobody is signed in", "assume-role sso login base")
	w.options.SignIn = func(context.Context, *profile.Source) error { return fault.ErrInterrupted }
	if _, err := New(w.options).Credentials(t.Context(), chain); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
	w.portalCalls(0)
}

// TestSSOSignsInOnce: a sign-in that does not help is not asked for again, and
// what no sign-in mends is not asked for at all.
func TestSSOSignsInOnce(t *testing.T) {
	t.Parallel()
	w, chain, asked := asksAtPortal(t)
	chain.Source.Settings["sso_role_name"] = profile.Value{Text: "Other"}
	w.fails(chain, "not assigned")
	if *asked != 1 {
		t.Errorf("asked %d times", *asked)
	}
	w.fails(chain, "not assigned")
	if *asked != 1 {
		t.Errorf("asked again: %d times", *asked)
	}
}

func TestSignInSSOFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	person := w.atPortal()
	w.aws.SetBrowser("")
	_, err := New(w.options).SignInSSO(t.Context(), &chain.Source, person, true)
	w.failsWith(err, `profile "base"`, "was refused in the browser", "~/.aws/config:4")

	w.aws.Inject(awsfake.Fault{Action: "CreateToken", Mode: "503"})
	person = w.atPortal()
	_, err = New(w.options).SignInSSO(t.Context(), &chain.Source, person, true)
	w.failsWith(err, "the sign-in at Identity Center failed", "503")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(w.options).SignInSSO(ctx, &chain.Source, person, true); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
}

// TestSignInSSOClock: who signs in with a clock that is off hears of it.
func TestSignInSSOClock(t *testing.T) {
	t.Parallel()
	for off, want := range map[time.Duration]bool{0: false, 4 * time.Minute: false, -10 * time.Minute: true, time.Hour: true} {
		w := newWorld(t)
		chain := w.ssoChain()
		w.options.Now = func() time.Time { return w.aws.Now().Add(off) }
		var notes []string
		w.options.Note = func(line string) { notes = append(notes, line) }
		if _, err := New(w.options).SignInSSO(t.Context(), &chain.Source, w.atPortal(), true); err != nil {
			t.Fatal(err)
		}
		if said := strings.Contains(strings.Join(notes, "\n"), "this machine's clock is off by"); said != want {
			t.Errorf("%s: %q", off, notes)
		}
	}
}

func TestSignOutSSO(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	if untold, err := New(w.options).SignOutSSO(t.Context(), &chain.Source, ""); untold != nil || err != nil || w.aws.Count("Logout") != 1 {
		t.Errorf("%v %v", untold, err)
	}
	w.ssoSignIn("alice")
	w.aws.Inject(awsfake.Fault{Action: "Logout", Mode: "reset"})
	untold, err := New(w.options).SignOutSSO(t.Context(), &chain.Source, sso.Key("corp")+".json")
	if err != nil {
		t.Error(err)
	}
	w.failsWith(untold, "signing out at Identity Center failed")
	if New(w.options).SSO(&chain.Source).SignedIn() {
		t.Error("the token is still there")
	}
}
