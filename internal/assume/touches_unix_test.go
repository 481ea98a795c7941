//go:build unix

package assume

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

// touches are what a run costs: reads and writes of the key store (it is never
// listed: the cache that the walk has cannot do that), and calls.
type touches struct {
	Gets, Sets, Calls int
}

// keyStore is a key store that counts: sessions, and the long-lived key.
type keyStore struct {
	memory
	seen touches
}

func (k *keyStore) Get(key string) ([]byte, error) {
	k.seen.Gets++
	return k.memory.Get(key)
}

func (k *keyStore) Set(key string, value []byte) error {
	k.seen.Sets++
	return k.memory.Set(key, value)
}

// counted replaces the world's stores by one that counts.
func (w *world) counted() *keyStore {
	store := &keyStore{memory: memory{items: map[string][]byte{}}}
	w.options.Cache.Store = store
	load := w.options.LoadKey
	w.options.LoadKey = func(name string) (creds.Credentials, error) {
		store.seen.Gets++
		return load(name)
	}
	return store
}

// run walks the chain as one run of the tool does, and returns what it cost.
func (k *keyStore) run(w *world, chain *profile.Chain) touches {
	w.Helper()
	old := w.options.Cache
	w.options.Cache = &cache.Cache{Store: old.Store, Locks: old.Locks, Now: old.Now}
	k.seen = touches{}
	before := w.aws.Count("")
	w.get(chain)
	k.seen.Calls = w.aws.Count("") - before
	return k.seen
}

// fromStore is a source whose long-lived key lies in the key store.
func (w *world) fromStore(calls ...profile.Call) *profile.Chain {
	chain := w.chain(calls...)
	chain.Source = profile.Source{Kind: profile.Keyring, Profile: "base", Keys: creds.Credentials{AccessKeyID: w.keys.AccessKeyID}}
	return chain
}

// TestTouches holds each source to what a run may cost, cold and warm, by
// itself and with a role on top. A warm run that ends with a session of the
// cache reads that item and does nothing else. A container, an instance and
// `aws login` keep their credentials themselves, and are asked for them.
func TestTouches(t *testing.T) {
	t.Parallel()
	type cost struct{ cold, warm touches }
	signIn := func(w *world) {
		w.options.LoginCache, w.options.Locks = w.TempDir(), w.TempDir()
		if err := os.WriteFile(filepath.Join(w.options.LoginCache, login.Key(admin)+".json"), w.aws.AddLogin(admin), 0o600); err != nil {
			w.Fatal(err)
		}
	}
	warm := touches{Gets: 1}
	for name, tc := range map[string]struct {
		chain       func(*world, ...profile.Call) *profile.Chain
		alone, role cost
	}{
		"keys in a file, two steps": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				return w.chain(append([]profile.Call{w.mfaSession()}, calls...)...)
			},
			cost{touches{2, 1, 1}, warm}, cost{touches{3, 2, 2}, warm},
		},
		"stored keys, two steps": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				return w.fromStore(append([]profile.Call{w.mfaSession()}, calls...)...)
			},
			cost{touches{3, 1, 1}, warm}, cost{touches{4, 2, 2}, warm},
		},
		"keys of the environment": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				chain := w.chain(calls...)
				chain.Source.Kind = profile.Environment
				return chain
			},
			cost{touches{}, touches{}}, cost{touches{2, 1, 1}, warm},
		},
		"web identity": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				return w.tokenChain("web_identity_token_file", w.tokenFile(w.token()), calls...)
			},
			cost{touches{2, 1, 1}, warm}, cost{touches{3, 2, 2}, warm},
		},
		"SAML": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				role := w.aws.AddRole(awsfake.Role{Name: "staff", Principals: []string{samlProvider}})
				s := &samlWorld{world: w, file: filepath.Join(w.TempDir(), "assertion")}
				s.runs, w.options.Program.Environ = s.file+".runs", os.Environ()
				s.issues(role)
				chain := s.chain(role, "")
				chain.Calls = calls
				return chain
			},
			cost{touches{2, 1, 1}, warm}, cost{touches{3, 2, 2}, warm},
		},
		"Identity Center": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				chain := w.ssoChain(calls...)
				w.ssoSignIn("alice")
				return chain
			},
			cost{touches{2, 1, 1}, warm}, cost{touches{3, 2, 2}, warm},
		},
		"credential_process": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				chain := w.chain(calls...)
				chain.Source = w.printing(w.session())
				return chain
			},
			cost{touches{2, 1, 0}, warm}, cost{touches{3, 2, 1}, warm},
		},
		"aws login": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				signIn(w)
				return w.loginChain(calls...)
			},
			cost{touches{}, touches{}}, cost{touches{2, 1, 1}, warm},
		},
		"container": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				return w.contained([]string{profile.ContainerURL, w.task("")}, calls...)
			},
			cost{touches{Calls: 1}, touches{Calls: 1}}, cost{touches{2, 1, 2}, warm},
		},
		"instance": {
			func(w *world, calls ...profile.Call) *profile.Chain {
				w.instance(awsfake.Instance{Role: "web"})
				return w.onInstance(nil, calls...)
			},
			cost{touches{Calls: 3}, touches{Calls: 3}}, cost{touches{2, 1, 4}, warm},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for what, want := range map[string]cost{"alone": tc.alone, "with a role": tc.role} {
				w := newWorld(t)
				var calls []profile.Call
				if what != "alone" {
					calls = append(calls, w.role(awsfake.Role{Name: "top"}))
				}
				chain := tc.chain(w, calls...)
				store := w.counted()
				if got := store.run(w, chain); got != want.cold {
					t.Errorf("%s, cold: %+v, want %+v", what, got, want.cold)
				}
				if got := store.run(w, chain); got != want.warm {
					t.Errorf("%s, warm: %+v, want %+v", what, got, want.warm)
				}
			}
		})
	}
}

// TestTouchesOfEverySource: a source that is added needs a row above.
func TestTouchesOfEverySource(t *testing.T) {
	t.Parallel()
	if n := len(sources()); n != 10 {
		t.Errorf("%d sources, 10 rows of TestTouches", n)
	}
}

// TestColdAfterExpiry: an item that has expired costs no more than none.
func TestColdAfterExpiry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.options.Now, w.options.Cache.Now = w.aws.Now, w.aws.Now
	store := w.counted()
	chain := w.chain(w.mfaSession(), w.role(awsfake.Role{Name: "top"}))
	cold := store.run(w, chain)
	w.aws.Advance(9 * time.Hour)
	if again := store.run(w, chain); again != cold {
		t.Errorf("%+v after %+v", again, cold)
	}
	w.aws.Advance(2 * time.Hour)
	if again, want := store.run(w, chain), (touches{3, 1, 1}); again != want {
		t.Errorf("with the first step in the cache: %+v, want %+v", again, want)
	}
}
