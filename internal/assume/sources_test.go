package assume

import (
	"testing"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

func walkOf(s profile.Source) *walk {
	return &walk{Assumer: New(Options{Getenv: func(string) string { return "" }, Machine: func() string { return "host" }}), chain: &profile.Chain{Source: s}}
}

// TestSourcesContract is what every source must hold.
func TestSourcesContract(t *testing.T) {
	t.Parallel()
	want := []profile.Kind{profile.Static, profile.Keyring, profile.Environment, profile.WebIdentity, profile.SAML, profile.SSO,
		profile.Login, profile.Process, profile.Container, profile.EC2}
	seen := map[profile.Kind]bool{}
	for _, s := range sources() {
		if seen[s.kind] {
			t.Errorf("%s is listed twice", s.kind)
		}
		seen[s.kind] = true
		a := profile.Source{Kind: s.kind, Profile: "p", Keys: creds.Credentials{AccessKeyID: "AKIAA", SecretAccessKey: "s"}, Role: &profile.Call{Kind: s.kind}}
		first, again := cache.Key(s.identity(walkOf(a))), cache.Key(s.identity(walkOf(a)))
		if first != again {
			t.Errorf("%s: the identity changes", s.kind)
		}
	}
	for _, kind := range want {
		if !seen[kind] {
			t.Errorf("%s has no place", kind)
		}
	}
}

func TestKeysAreToldApart(t *testing.T) {
	t.Parallel()
	base := creds.Credentials{AccessKeyID: "AKIAA", SecretAccessKey: "s", SessionToken: "t"}
	keys := map[string]bool{}
	for _, c := range []creds.Credentials{
		base,
		{AccessKeyID: "AKIAB", SecretAccessKey: "s", SessionToken: "t"},
		{AccessKeyID: "AKIAA", SecretAccessKey: "S", SessionToken: "t"},
		{AccessKeyID: "AKIAA", SecretAccessKey: "s", SessionToken: "T"},
	} {
		identity := static().identity(walkOf(profile.Source{Keys: c}))
		for _, v := range identity {
			if v == "s" || v == "t" {
				t.Errorf("a secret in %v", identity)
			}
		}
		keys[cache.Key(identity)] = true
	}
	if len(keys) != 4 {
		t.Errorf("%d identities of 4 key pairs", len(keys))
	}
	if cache.Key(keyring().identity(walkOf(profile.Source{Keys: creds.Credentials{AccessKeyID: "A"}}))) == cache.Key(keyring().identity(walkOf(profile.Source{Keys: creds.Credentials{AccessKeyID: "B"}}))) {
		t.Error("two stored keys have one identity")
	}
}

func TestUnknownKindIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain()
	chain.Source = profile.Source{Kind: "carrier-pigeon", Profile: "base", Origin: fault.Origin{Path: "~/.aws/config", Line: 4}}
	w.fails(chain, `profile "base"`, "carrier-pigeon", "config:4")
	if w.aws.Count("") != 0 {
		t.Error("a call was made")
	}
}
