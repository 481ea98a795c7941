package keystore

import (
	"errors"
	"testing"
	"time"
)

// TestRekeyReplacesTheWaitingKey: nobody is asked for the new passphrase, and
// the key of the old one waits no more.
func TestRekeyReplacesTheWaitingKey(t *testing.T) {
	t.Parallel()
	o := unlocked(t)
	if _, err := openFileRing(t, o).ChangePassphrase("correct horse", rekeyTo("battery staple")); err != nil {
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
	if _, err := openFileRing(t, never).ChangePassphrase("correct horse", rekeyTo("battery staple")); err != nil {
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
