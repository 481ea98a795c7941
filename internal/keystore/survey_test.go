package keystore

import (
	"context"
	"errors"
	"testing"

	"assume-role/internal/creds"
)

func noVariables(string) string { return "" }

func TestLook(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, tc := range []struct {
		backend, want string
		fails         bool
	}{{backend: file, want: file}, {backend: "nonesuch", fails: true}} {
		s := Look(context.Background(), Options{Backend: tc.backend, FileDir: dir, StateDir: dir, Env: noVariables})
		if s.Backend != tc.want || (s.Err != nil) != tc.fails || tc.want != "" && s.Why == "" {
			t.Errorf("%s: %+v", tc.backend, s)
		}
		for _, c := range s.Others {
			if c.Name == s.Backend {
				t.Errorf("%s: the chosen one is among the others", tc.backend)
			}
		}
		if want := len(Backends()) - 1; len(s.Others) != want && !tc.fails && len(s.Others) != want-1 {
			t.Errorf("%s: %d others", tc.backend, len(s.Others))
		}
	}
}

// TestLookAtWhatIsNotHere: a store that was asked for by name is named with
// its problem.
func TestLookAtWhatIsNotHere(t *testing.T) {
	t.Parallel()
	for _, c := range available(context.Background(), Options{Env: noVariables, FileDir: t.TempDir()}) {
		s := Look(context.Background(), Options{Backend: c.Name, Env: noVariables, FileDir: t.TempDir()})
		if s.Backend != c.Name || s.Problem != c.Problem {
			t.Errorf("%s: problem %q, not %q", c.Name, s.Problem, c.Problem)
		}
	}
}

// TestQuiet: nobody is asked for what is locked.
func TestQuiet(t *testing.T) {
	t.Parallel()
	given := func() (creds.Secret, bool, error) { return "passphrase", true, nil }
	o := Options{Backend: file, FileDir: t.TempDir(), Env: func(string) string { return ":0" }, Given: given}
	ring, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := ring.Set("session-x", []byte("x")); err != nil {
		t.Fatal(err)
	}
	o.Given = nil
	o.Ask = func(Question) (creds.Secret, error) {
		t.Error("somebody was asked")
		return "passphrase", nil
	}
	quiet, ok := o.Quiet(file)
	if !ok || quiet.Env("DISPLAY") != "" || quiet.Env("WAYLAND_DISPLAY") != "" || quiet.Env("HOME") != ":0" {
		t.Errorf("quiet %v, with a display", ok)
	}
	if ring, err = Open(context.Background(), quiet); err != nil {
		t.Fatal(err)
	}
	if _, err := ring.Get("session-x"); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
	for _, backend := range []string{pass, kwallet, keychain} {
		if _, ok := o.Quiet(backend); ok {
			t.Errorf("%s may ask, and counts as quiet", backend)
		}
	}
}
