package iamkeys

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// A store that takes nothing is found out before IAM makes a key: here a folder
// is in the item's place.
func TestStoreTakesNothing(t *testing.T) {
	w := newWorld(t)
	w.must(w.ring.Keys().SaveNext("base", w.old))
	files, err := filepath.Glob(filepath.Join(w.storeDir(), "nextkey-base*"))
	if len(files) != 1 || err != nil {
		t.Fatalf("%q, %v", files, err)
	}
	w.must(errors.Join(os.Remove(files[0]), os.MkdirAll(filepath.Join(files[0], "x"), 0o700)))
	w.fails(w.rotation(), "the file key store failed: cannot write to it", "nothing was changed")
	w.calls("CreateAccessKey", 0)
	if _, begun, err := Unfinished(w.records(), "base"); begun || err != nil {
		t.Errorf("a record is left: %v", err)
	}
	w.must(os.RemoveAll(files[0]))
	w.completes(w.rotation())
}

// The store takes no more when IAM has made the key: that goes again.
func TestStoreBreaksBeforeTheNewKey(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	var mend func()
	r.Now = func() time.Time {
		if mend == nil {
			mend = w.breakStore()
		}
		return time.Now()
	}
	w.mustFail(r)
	mend()
	w.calls("CreateAccessKey", 1)
	w.calls("DeleteAccessKey", 1)
	if ids := w.ids(); !slices.Equal(ids, []string{w.old.AccessKeyID}) {
		t.Errorf("%v", ids)
	}
	w.completes(w.rotation())
}

// Nor can IAM delete it: the next run does.
func TestStoreBreaksAndIAMRefuses(t *testing.T) {
	w := newWorld(t)
	w.aws.Inject(awsfake.Fault{Action: "DeleteAccessKey", Mode: awsfake.Deny, Times: 1})
	r := w.rotation()
	var mend func()
	r.Now = func() time.Time {
		if mend == nil {
			mend = w.breakStore()
		}
		return time.Now()
	}
	err := w.mustFail(r)
	mend()
	w.has(lines{err.Error()}, "there may be a new one at IAM without a secret, which `assume-role rotate base` deletes")
	w.has(lines(w.notes), "could not be stored, nor deleted at IAM")
	w.completes(w.rotation())
}

// The store breaks when the new key is to take the old one's place.
func TestStoreBreaksAtTheSwap(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	var mend func()
	r.Replacing = func(context.Context, string, string) { mend = w.breakStore() }
	err := w.mustFail(r)
	mend()
	w.has(lines{err.Error()}, w.old.AccessKeyID+" is as it was and works; the new one, AKIA", "waits beside it")
	if w.storedWorks("base") != w.old.AccessKeyID || len(w.ids()) != 2 {
		t.Errorf("%v", w.ids())
	}
	w.completes(w.rotation())
	w.calls("CreateAccessKey", 1)
}

// mustFail is fails while the store is broken.
func (w *world) mustFail(r *Rotation) error {
	w.Helper()
	_, err := r.Run(w.Context())
	if err == nil {
		w.Fatal("it did not fail")
	}
	w.noSecrets(err.Error())
	return err
}

// The same key under several names gets its successor under all of them, in a
// run or in two. What is damaged, or another key, stays.
func TestKeyWithSeveralNames(t *testing.T) {
	w := newWorld(t)
	keys := w.ring.Keys()
	other := creds.Credentials{AccessKeyID: "AKIAOTHEROTHEROTHER0", SecretAccessKey: "x"}
	w.must(errors.Join(keys.SaveKey("again", w.old), keys.SaveKey("zoe", w.old), keys.SaveKey("other", other), w.ring.Set("key-damaged", []byte("{"))))
	r := w.rotation()
	replaced := 0
	r.Replacing = func(context.Context, string, string) {
		if replaced++; replaced == 2 {
			w.must(w.ring.Set("key-again", []byte("{"))) // somebody breaks it half-way
		}
	}
	r.Replaced = func(context.Context, string, string) {
		if replaced == 1 {
			w.must(w.ring.Remove("key-zoe"))
		}
	}
	result := w.completes(r)
	if !slices.Equal(result.Profiles, []string{"base", "again"}) || w.storedWorks("again") != result.New {
		t.Errorf("%v", result.Profiles)
	}
	w.has(lines(w.notes), `the key of profile "zoe" was replaced or removed meanwhile, and stays so`)
	if key, err := keys.LoadKey("other"); err != nil || key != other {
		t.Errorf("%v, %v", key, err)
	}
}

// A run that ended between two names goes on with the second, under whichever
// name it is asked for.
func TestKeyWithSeveralNamesHalfway(t *testing.T) {
	w := newWorld(t)
	w.must(w.ring.Keys().SaveKey("again", w.old))
	r := w.rotation()
	var mend func()
	r.Replacing = func(_ context.Context, name, _ string) {
		if name == "again" {
			mend = w.breakStore()
		}
	}
	err := w.mustFail(r)
	mend()
	w.has(lines{err.Error()}, "is stored and works, and so does the old one")
	if w.storedWorks("again") != w.old.AccessKeyID || w.storedWorks("base") == w.old.AccessKeyID {
		t.Error("not between the two")
	}
	second := w.rotation()
	second.Profile = "again"
	result := w.completes(second)
	if !result.Resumed || w.storedWorks("again") != result.New {
		t.Errorf("%+v", result)
	}
}

// A rotation that began in another store goes on in that one, and one whose
// store was moved goes on where its items are.
func TestAnotherStore(t *testing.T) {
	w := newWorld(t)
	w.asked(time.Now())
	r := w.rotation()
	r.Backend = "pass"
	w.must(w.ring.Keys().RemoveNext("base"))
	w.fails(r, "an unfinished rotation has its new key in the file key store, and this is pass", "go on with --keyring-backend file")
	w.calls("DeleteAccessKey", 0)
	w.must(w.ring.Keys().SaveNext("base", w.old))
	w.completes(r)
}

// A damaged item beside the key is a lost one.
func TestNextIsDamaged(t *testing.T) {
	w := newWorld(t)
	w.asked(time.Now())
	w.must(w.ring.Set("nextkey-base", []byte("{")))
	w.completes(w.rotation())
}

// Somebody removes or replaces the key while AWS learns of the new one: that
// goes again, and the old one is not touched.
func TestKeyIsReplacedMeanwhile(t *testing.T) {
	for name, change := range map[string]func(w *world) error{
		"removed": func(w *world) error { return w.ring.Keys().RemoveKey("base") },
		"replaced": func(w *world) error {
			return w.ring.Keys().SaveKey("base", creds.Credentials{AccessKeyID: "AKIAOTHEROTHEROTHER0", SecretAccessKey: "x"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.aws.SetPropagation(1)
			r := w.rotation()
			r.Sleep = func(context.Context, time.Duration) error { return change(w) }
			err := w.mustFail(r)
			w.has(lines{err.Error()}, "was replaced or removed while it was being rotated", "is deleted again; nothing was changed")
			if ids := w.ids(); !slices.Equal(ids, []string{w.old.AccessKeyID}) {
				t.Errorf("%v", ids)
			}
			if _, begun, err := Unfinished(w.records(), "base"); begun || err != nil {
				t.Errorf("a record is left: %v", err)
			}
		})
	}
}

// Somebody stores another user's key in the place of the one that is rotated.
func TestKeyIsReplacedByAnotherUsers(t *testing.T) {
	w := newWorld(t)
	w.aws.SetPropagation(70)
	w.fails(w.rotation(), "waits beside it")
	w.aws.SetPropagation(0)
	bob := creds.Credentials{}
	bob.AccessKeyID, bob.SecretAccessKey = w.aws.AddKey("bob")
	w.must(w.ring.Keys().SaveKey("base", bob))
	result, err := w.rotation().Run(t.Context())
	if err != nil || result.Old != bob.AccessKeyID || len(w.aws.Keys("bob")) != 1 {
		t.Errorf("%+v, %v", result, err)
	}
	if len(w.ids()) != 2 {
		t.Errorf("alice's keys were touched: %v", w.ids())
	}
	w.has(lines(w.notes), "an earlier rotation made the key AKIA", "user/alice, which is not used")
}

// Somebody deletes the new key while it waits: another one is made.
func TestNextIsDeletedAtIAM(t *testing.T) {
	w := newWorld(t)
	w.aws.SetPropagation(70)
	w.fails(w.rotation(), "waits beside it")
	w.aws.SetPropagation(0)
	w.aws.DeleteKey(w.ids()[1])
	w.completes(w.rotation())
	w.calls("CreateAccessKey", 2)
}

func TestStoredKeyIsGone(t *testing.T) {
	w := newWorld(t)
	r := w.rotation()
	w.must(w.ring.Keys().RemoveKey("base"))
	if err := w.mustFail(r); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("%v", err)
	}
	w.calls("ListAccessKeys", 0)
}

// What cannot be recorded is not begun.
func TestRecordsCannotBeWritten(t *testing.T) {
	w := newWorld(t)
	w.must(os.WriteFile(w.dir+"/state", nil, 0o600))
	r := w.rotation()
	w.fails(r, "nothing was changed")
	w.calls("CreateAccessKey", 0)
	if _, err := w.ring.Keys().LoadNext("base"); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("the store has an item more: %v", err)
	}
}
