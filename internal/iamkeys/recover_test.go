package iamkeys

import (
	"context"
	"errors"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// halfway ends a rotation of the key of base and again when the new key is
// about to take the old one's place.
func (w *world) halfway() (fresh string) {
	w.Helper()
	w.must(w.ring.Keys().SaveKey("again", w.old))
	r := w.rotation()
	var mend func()
	r.Replacing = func(context.Context, string, string) { mend = w.breakStore() }
	_ = w.mustFail(r)
	mend()
	next, err := w.ring.Keys().LoadNext("base")
	w.must(err)
	return next.AccessKeyID
}

// A store that lost the key while it was replaced gets the new one, and the
// rotation goes on.
func TestRecover(t *testing.T) {
	for name, lose := range map[string]func(w *world) error{
		"damaged": func(w *world) error { return w.ring.Set("key-base", []byte("{")) },
		"missing": func(w *world) error { return w.ring.Remove("key-base") },
		"both":    func(w *world) error { return errors.Join(w.ring.Remove("key-base"), w.ring.Set("key-again", nil)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			fresh := w.halfway()
			w.must(lose(w))
			w.must(Recover(w.ring.Keys(), w.records(), "again"))
			if stored := w.storedWorks("base"); stored != fresh {
				t.Errorf("%s is stored, not %s", stored, fresh)
			}
			w.completes(w.rotation())
			if stored := w.storedWorks("again"); stored != fresh {
				t.Errorf("%s is stored, not %s", stored, fresh)
			}
		})
	}
}

// Keys that are there, or that somebody removed, stay as they are.
func TestRecoverNothing(t *testing.T) {
	w := newWorld(t)
	keys := w.ring.Keys()
	w.must(Recover(keys, w.records(), "base"))
	w.halfway()
	w.must(errors.Join(Recover(keys, w.records(), "base"), keys.RemoveKey("again")))
	w.must(Recover(keys, w.records(), "base"))
	if w.storedWorks("base") != w.old.AccessKeyID {
		t.Error("a key that was there was replaced")
	}
	w.must(errors.Join(keys.RemoveKey("base"), Recover(keys, w.records(), "base")))
	for _, name := range []string{"base", "again"} {
		if _, err := keys.LoadKey(name); !errors.Is(err, keystore.ErrNotFound) {
			t.Errorf("%s came back: %v", name, err)
		}
	}
}

// Only the key that the record names takes the place of what was lost.
func TestRecoverAnotherKey(t *testing.T) {
	w := newWorld(t)
	w.halfway()
	w.must(w.ring.Keys().SaveNext("base", creds.Credentials{AccessKeyID: "AKIAOTHEROTHEROTHER0", SecretAccessKey: "x"}))
	w.must(w.ring.Set("key-base", []byte("{")))
	w.must(Recover(w.ring.Keys(), w.records(), "base"))
	if _, err := w.ring.Keys().LoadKey("base"); !errors.Is(err, keystore.ErrDamaged) {
		t.Errorf("it was replaced: %v", err)
	}
}

// A user who was given another name goes on as well.
func TestUserIsRenamed(t *testing.T) {
	w := newWorld(t)
	w.halfway()
	r, _, err := findRecord(w.records(), "base")
	w.must(err)
	r.User = "arn:aws:iam::123456789012:user/renamed"
	w.must(r.write(w.records()))
	w.completes(w.rotation())
	w.calls("CreateAccessKey", 1)
}
