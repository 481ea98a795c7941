package assume

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

const ssoPortal = "https://d-abc.awsapps.com/start"

// ssoChain is a plan for a role of Identity Center.
func (w *world) ssoChain(calls ...profile.Call) *profile.Chain {
	w.aws.AddAssignment("alice", "123456789012", "Admin", 0)
	w.options.SSOCache, w.options.Locks = w.TempDir(), w.TempDir()
	chain := w.chain(calls...)
	value := func(text string, line int) profile.Value {
		return profile.Value{Text: text, Origin: fault.Origin{File: "config", Path: "~/.aws/config", Line: line}}
	}
	endpoint := profile.Endpoint{Region: "eu-central-1", Partition: "aws", URL: w.aws.URL(), MaxAttempts: 1}
	chain.Source = profile.Source{
		Kind: profile.SSO, Profile: "base", Origin: fault.Origin{Path: "~/.aws/config", Line: 5},
		Settings: map[string]profile.Value{
			"sso_session": value("corp", 4), "sso_account_id": value("123456789012", 5), "sso_role_name": value("Admin", 6),
			"sso_start_url": value(ssoPortal, 2), "sso_region": value("eu-central-1", 3),
		},
		Endpoints: map[string]profile.Endpoint{"sso": endpoint, "sso_oidc": endpoint},
	}
	return chain
}

// ssoSignIn leaves the AWS CLI's token for an hour.
func (w *world) ssoSignIn(user string) {
	w.Helper()
	file := w.aws.SSOToken(awsfake.SSOSignIn{User: user, StartURL: ssoPortal, Region: "eu-central-1"})
	if err := os.WriteFile(filepath.Join(w.options.SSOCache, sso.Key("corp")+".json"), file, 0o600); err != nil {
		w.Fatal(err)
	}
}

// portalCalls checks how often the portal was asked.
func (w *world) portalCalls(want int) {
	w.Helper()
	if got := w.aws.Count("GetRoleCredentials"); got != want {
		w.Errorf("%d calls of GetRoleCredentials, want %d", got, want)
	}
}

func TestSSOIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	first := w.get(chain)
	if again := w.get(chain); again != first || first.AccountID != "123456789012" {
		t.Errorf("%+v, then %+v", first, again)
	}
	w.portalCalls(1)
}

// TestSSORoleOnTop is signed by the kept session.
func TestSSORoleOnTop(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain(w.role(awsfake.Role{Name: "over"}))
	w.ssoSignIn("alice")
	if c := w.get(chain); c.ARN != "arn:aws:sts::123456789012:assumed-role/over/alice@laptop" {
		t.Errorf("%+v", c)
	}
	chain.Calls[0].ExternalID = "other" // another session from the same source
	w.get(chain)
	w.portalCalls(1)
	w.counts(0, 2, 0)
}

// TestSSOIdentity: whatever changes what the portal returns changes the key,
// and the profile's name does not.
func TestSSOIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	seen := map[string]string{}
	key := func(what string, chain *profile.Chain) {
		keys, err := New(w.options).Keys(chain)
		if err != nil || len(keys) != 1 {
			t.Fatalf("%s: %v %v", what, keys, err)
		}
		if other, ok := seen[keys[0]]; ok {
			t.Errorf("%s has the key of %s", what, other)
		}
		seen[keys[0]] = what
	}
	key("the profile", chain)
	for name := range chain.Source.Settings {
		changed := w.copyOf(chain)
		changed.Source.Settings[name] = profile.Value{Text: "other"}
		key(name, changed)
	}
	changed := w.copyOf(chain)
	changed.Source.Endpoints = map[string]profile.Endpoint{"sso": {URL: "https://vpc.example"}}
	key("the endpoint", changed)
	w.ssoSignIn("alice")
	key("the next sign-in", chain)

	renamed := w.copyOf(chain)
	renamed.Source.Profile, renamed.Profile = "another", "another"
	keys, _ := New(w.options).Keys(renamed)
	if seen[keys[0]] != "the next sign-in" {
		t.Error("the profile's name shapes the key")
	}
}

// copyOf is a plan with settings of its own.
func (w *world) copyOf(chain *profile.Chain) *profile.Chain {
	c := *chain
	c.Source.Settings = map[string]profile.Value{}
	for name, v := range chain.Source.Settings {
		c.Source.Settings[name] = v
	}
	return &c
}

// TestSSOSignedOut: the session of who signed out is not handed to the next.
func TestSSOSignedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	w.get(chain)
	w.ssoSignIn("bob")
	w.fails(chain, `profile "base"`, "not assigned", "~/.aws/config:6")
	if err := os.Remove(filepath.Join(w.options.SSOCache, sso.Key("corp")+".json")); err != nil {
		t.Fatal(err)
	}
	w.fails(chain, `profile "base"`, "nobody is signed in", "~/.aws/config:4", "assume-role sso login base")
	w.portalCalls(2)
}

// TestSSOAway: a session that is still valid serves while the portal is away.
func TestSSOAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	first := w.get(chain)
	for _, mode := range []awsfake.Mode{awsfake.Unavailable, awsfake.Reset, awsfake.Truncate} {
		w.aws.ClearFaults()
		w.aws.Inject(awsfake.Fault{Action: "GetRoleCredentials", Mode: mode})
		w.options.Policy = cache.Policy{MinTTL: 2 * time.Hour, Explicit: true}
		if got := w.get(chain); got != first {
			t.Errorf("%s: %+v", mode, got)
		}
		none := w.options.Cache
		w.options.Cache = nil
		err := w.fails(chain, `profile "base"`, "getting the role's credentials from Identity Center failed", "127.0.0.1:")
		if !errors.Is(err, cache.ErrUnreachable) {
			t.Errorf("%s: %v", mode, err)
		}
		w.options.Cache = none
	}
}

// TestSSOSkew: the session's end is judged by the portal's clock.
func TestSSOSkew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	w.aws.Inject(awsfake.Fault{Action: "GetRoleCredentials", Mode: awsfake.Skew, Skew: 10 * time.Minute})
	walk, err := New(w.options).start(chain)
	if err != nil {
		t.Fatal(err)
	}
	e, err := walk.read(t.Context())
	if off := e.Skew - 10*time.Minute; err != nil || off.Abs() > 5*time.Second {
		t.Errorf("skew %s, %v", e.Skew, err)
	}
	if e.Profile != "base" || e.Kind != "sso" || e.Minted.IsZero() {
		t.Errorf("%+v", e)
	}
}

func TestSSOInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(w.options).Credentials(ctx, chain); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
	w.portalCalls(0)
}

// TestSSOBundle: a CA bundle that is not there is named before any call.
func TestSSOBundle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.ssoChain()
	w.ssoSignIn("alice")
	e := chain.Source.Endpoints["sso"]
	e.CABundle = filepath.Join(t.TempDir(), "missing.pem")
	chain.Source.Endpoints["sso"] = e
	w.fails(chain, `profile "base"`, "missing.pem")
	w.portalCalls(0)
}
