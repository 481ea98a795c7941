package keystore

import (
	"errors"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// TestRekeyReplacesTheWaitingKey: nobody is asked for the new passphrase, and
// the key of the old one waits no more.
func TestRekeyReplacesTheWaitingKey(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	if _, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple")); err != nil {
		t.Fatal(err)
	}
	o.Given = nil
	if _, err := openFileRing(t, o).Get("session-one"); err != nil {
		t.Errorf("with the key that waits: %v", err)
	}
	kept, ok := waitingKeys{ttl: time.Hour, debug: o.Debug}.load(o.FileDir)
	if !ok || !kept.opensFor("battery staple", true) || kept.opensFor("correct horse", true) {
		t.Errorf("what waits: %v", ok)
	}
}

// TestRekeyWithoutTTLForgets: a key that waited before waits no more.
func TestRekeyWithoutTTLForgets(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	never := o
	never.UnlockTTL = 0
	if _, err := openFileRing(t, never).ChangePassphrase(answer("correct horse"), answer("battery staple")); err != nil {
		t.Fatal(err)
	}
	o.Given = nil
	if _, err := openFileRing(t, o).Get("session-one"); !errors.Is(err, ErrLocked) {
		t.Errorf("%v, want ErrLocked", err)
	}
	if _, waits := (waitingKeys{ttl: time.Hour, debug: o.Debug}).load(o.FileDir); waits {
		t.Error("the old key waits on")
	}
}

// TestRekeyAfterAnotherKeepsTheWaitingKey: what was not changed does not replace
// the key that opens the items.
func TestRekeyAfterAnotherKeepsTheWaitingKey(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	_, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), func() (creds.Secret, error) {
		_, err := openFileRing(t, o).ChangePassphrase(answer("correct horse"), answer("battery staple"))
		return "third", err
	})
	if !errors.Is(err, ErrWrongPassphrase) {
		t.Errorf("%v, want ErrWrongPassphrase", err)
	}
	o.Given = nil
	if _, err := openFileRing(t, o).Get("session-one"); err != nil {
		t.Errorf("with the key that waits: %v", err)
	}
}
