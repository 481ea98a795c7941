package keystore

import (
	"errors"
	"testing"

	"assume-role/internal/creds"
)

func TestStateOfAFolder(t *testing.T) {
	t.Parallel()
	o := options(t)
	check := func(o Options, want string) {
		t.Helper()
		if got, err := openFileRing(t, o).State(); err != nil || got != want {
			t.Errorf("State() = %s, %v; want %s", got, err, want)
		}
	}
	check(o, Empty)
	if err := openFileRing(t, o).Set("session-a", nil); err != nil {
		t.Fatal(err)
	}
	check(o, Unlocked)
	if _, err := openFileRing(t, o.with("wrong")).State(); !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("with a wrong passphrase: %v", err)
	}
	o.Given = nil
	check(o, Locked)
}

func TestReadyAsksOnce(t *testing.T) {
	t.Parallel()
	o, _ := filled(t, 1)
	empty := options(t)
	for _, o := range []Options{o, empty} {
		asked := 0
		o.Given = nil
		o.Ask = func(Question) (creds.Secret, error) { asked++; return "correct horse", nil }
		ring := openFileRing(t, o)
		for range 2 {
			if err := ring.Ready(); err != nil {
				t.Fatal(err)
			}
		}
		if err := ring.Set("session-a", nil); err != nil || asked != 1 {
			t.Errorf("asked %d times, %v", asked, err)
		}
	}
	o.Given, o.Ask = nil, nil
	if err := openFileRing(t, o).Ready(); !errors.Is(err, ErrLocked) {
		t.Errorf("with nobody to ask: %v", err)
	}
	if err := (&Ring{store: newMemory(1), backend: keyctl}).Ready(); err != nil {
		t.Errorf("a store without a passphrase: %v", err)
	}
}
