package assume

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

const admin = "arn:aws:sts::123456789012:assumed-role/Admin/alice"

// signedInWorld is a world where someone signed in with `aws login`, some time
// ago.
func signedInWorld(t *testing.T, ago time.Duration) *world {
	t.Helper()
	w := newWorld(t)
	w.options.LoginCache, w.options.Locks = t.TempDir(), t.TempDir()
	w.options.Now = w.aws.Now
	w.options.Cache.Now = w.aws.Now
	if err := os.WriteFile(filepath.Join(w.options.LoginCache, login.Key(admin)+".json"), w.aws.AddLogin(admin), 0o600); err != nil {
		t.Fatal(err)
	}
	w.aws.Advance(ago)
	return w
}

// loginChain is a plan from the sign-in through calls.
func (w *world) loginChain(calls ...profile.Call) *profile.Chain {
	chain := w.chain(calls...)
	at := fault.Origin{File: "config", Path: "~/.aws/config", Line: 9}
	chain.Source = profile.Source{
		Kind: profile.Login, Profile: "corp", Origin: at,
		Settings:  map[string]profile.Value{"login_session": {Text: admin, Origin: at}},
		Endpoints: map[string]profile.Endpoint{"signin": {Region: "eu-west-1", URL: w.aws.URL(), MaxAttempts: 1}},
	}
	return chain
}

func (w *world) refreshes(want int) {
	w.Helper()
	if got := w.aws.Count("CreateOAuth2Token"); got != want {
		w.Errorf("%d refreshes, want %d", got, want)
	}
}

// TestLoginIsNotKept: the AWS CLI's file is the only cache of its credentials.
func TestLoginIsNotKept(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 0)
	store := &memory{items: map[string][]byte{}}
	w.options.Cache.Store = store
	if c := w.get(w.loginChain()); c.AccountID != "123456789012" || !c.Temporary() {
		t.Errorf("%+v", c)
	}
	if len(store.items) != 0 {
		t.Error("the session cache holds the sign-in's credentials")
	}
	w.refreshes(0)
}

func TestLoginWindow(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		ago       time.Duration
		policy    cache.Policy
		refreshes int
	}{
		"fresh":                     {9 * time.Minute, cache.Policy{MinTTL: 15 * time.Minute}, 0},
		"five minutes left":         {10*time.Minute + time.Second, cache.Policy{MinTTL: time.Minute}, 1},
		"--min-ttl 1m":              {10*time.Minute + time.Second, cache.Policy{MinTTL: time.Minute, Explicit: true}, 0},
		"--min-ttl 10m":             {6 * time.Minute, cache.Policy{MinTTL: 10 * time.Minute, Explicit: true}, 1},
		"--refresh":                 {0, cache.Policy{Refresh: true}, 1},
		"--min-ttl, and not needed": {time.Minute, cache.Policy{MinTTL: 10 * time.Minute, Explicit: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := signedInWorld(t, tc.ago)
			w.options.Policy = tc.policy
			w.get(w.loginChain())
			w.refreshes(tc.refreshes)
		})
	}
}

// TestMinTTLIsTheRoles: where a role is assumed on top, --min-ttl is about its
// session.
func TestMinTTLIsTheRoles(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 0)
	w.options.Policy = cache.Policy{MinTTL: 50 * time.Minute, Explicit: true}
	w.get(w.loginChain(w.role(awsfake.Role{Name: "plain"})))
	w.refreshes(0)
	w.fails(w.loginChain(), "--min-ttl 50m0s cannot be had", "~/.aws/config:9")
}

// TestLoginOutOfReach: an error that lets a session that is still valid serve.
func TestLoginOutOfReach(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 16*time.Minute)
	chain := w.loginChain()
	chain.Source.Endpoints["signin"] = profile.Endpoint{URL: "http://127.0.0.1:1", MaxAttempts: 1}
	err := w.fails(chain, `profile "corp"`, "127.0.0.1:1: the connection was refused", "~/.aws/config:9")
	if !errors.Is(err, cache.ErrUnreachable) {
		t.Error("the cause is not ErrUnreachable")
	}
	if strings.Contains(err.Error(), "sign in again") {
		t.Errorf("nothing was sent: %v", err)
	}
}

func TestLoginUnusableBundle(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 16*time.Minute)
	chain := w.loginChain()
	e := chain.Source.Endpoints["signin"]
	e.CABundle = filepath.Join(t.TempDir(), "missing.pem")
	chain.Source.Endpoints["signin"] = e
	w.fails(chain, `profile "corp"`, "missing.pem", "AWS_CA_BUNDLE")
	w.refreshes(0)
}

// TestWhatIsLeftServes, with a note, but not where more was asked for and AWS
// said no.
func TestWhatIsLeftServes(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 12*time.Minute)
	w.aws.EndLogin(admin, "USER_CREDENTIALS_CHANGED")
	w.get(w.loginChain())
	if got := w.notes.String(); !strings.Contains(got, `profile "corp": `) || !strings.Contains(got, "its password was changed: using the session's credentials, which end in") {
		t.Errorf("%q", got)
	}
	w.options.Policy = cache.Policy{MinTTL: 4 * time.Minute, Explicit: true}
	w.fails(w.loginChain(), "its password was changed", "assume-role login corp")
	w.refreshes(2)
}

func TestLoginInterrupted(t *testing.T) {
	t.Parallel()
	w := signedInWorld(t, 16*time.Minute)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := New(w.options).Credentials(ctx, w.loginChain()); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
	w.refreshes(0)
}

// TestLoginIdentity: another identity, or another folder, is another source.
func TestLoginIdentity(t *testing.T) {
	t.Parallel()
	key := func(arn, folder string) string {
		w := walkOf(profile.Source{Settings: map[string]profile.Value{"login_session": {Text: arn}}})
		w.LoginCache = folder
		return cache.Key(loginIdentity(w))
	}
	all := map[string]bool{key("a", "x"): true, key("b", "x"): true, key("a", "y"): true, key("a", "x"): true}
	if len(all) != 3 {
		t.Errorf("%d identities of 3", len(all))
	}
}
