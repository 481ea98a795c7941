package iamkeys

import (
	"context"
	"os"
	"slices"
	"testing"

	"assume-role/internal/assume"
	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// succession is that of base after a rotation that was interrupted.
func (w *world) succession() Succession {
	return Succession{
		Store: w.ring.Keys(), Records: w.records(), Identify: w.identify,
		Replaced: func(_ context.Context, name, id string) { w.events = append(w.events, name+" has "+id) },
	}
}

// The old key is deleted, or turned off, while the new one waits: that takes
// its place under all names, and the rotation comes to its end.
func TestSucceed(t *testing.T) {
	for name, end := range map[string]func(w *world){
		"deleted":    func(w *world) { w.aws.DeleteKey(w.old.AccessKeyID) },
		"turned off": func(w *world) { w.must(w.client(w.old).SetKeyActive(w.Context(), "alice", w.old.AccessKeyID, false)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			fresh := w.halfway()
			end(w)
			w.events = nil
			if done, err := w.succession().Succeed(t.Context(), "again"); !done || err != nil {
				t.Fatalf("%v, %v", done, err)
			}
			if want := []string{"base has " + fresh, "again has " + fresh}; !slices.Equal(w.events, want) {
				t.Errorf("%q", w.events)
			}
			if w.storedWorks("base") != fresh || w.storedWorks("again") != fresh {
				t.Error("another key is stored")
			}
			if result := w.completes(w.rotation()); !result.Resumed || result.Old != w.old.AccessKeyID {
				t.Errorf("%+v", result)
			}
			w.calls("CreateAccessKey", 1)
		})
	}
}

// A run that ended before it could record the new key's id goes on, too.
func TestSucceedUnrecorded(t *testing.T) {
	w := newWorld(t)
	fresh := w.halfway()
	r, _, err := findRecord(w.records(), "base")
	w.must(err)
	r.New = ""
	w.must(r.write(w.records()))
	w.aws.DeleteKey(w.old.AccessKeyID)
	if done, err := w.succession().Succeed(t.Context(), "base"); !done || err != nil {
		t.Fatalf("%v, %v", done, err)
	}
	w.completes(w.rotation())
	if w.storedWorks("base") != fresh {
		t.Error("another one was made")
	}
}

// Where there is nothing to put in its place, or AWS does not say that it is the
// user's, the stored key stays.
func TestSucceedNothing(t *testing.T) {
	for name, spoil := range map[string]func(w *world, s *Succession) error{
		"no rotation":     func(w *world, _ *Succession) error { return record{Profile: "base"}.drop(w.records()) },
		"nothing waits":   func(w *world, _ *Succession) error { return w.ring.Keys().RemoveNext("base") },
		"the old one":     func(w *world, _ *Succession) error { return w.ring.Keys().SaveNext("base", w.old) },
		"damaged":         func(w *world, _ *Succession) error { return w.ring.Set("nextkey-base", []byte("{")) },
		"unknown as well": func(w *world, _ *Succession) error { w.aws.DeleteKey(w.ids()[1]); return nil },
		"another user's": func(_ *world, s *Succession) error {
			s.Identify = func(context.Context, creds.Credentials) (assume.Identity, error) {
				return assume.Identity{ARN: "arn:aws:iam::123456789012:user/mallory"}, nil
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.halfway()
			s := w.succession()
			w.must(spoil(w, &s))
			if done, err := s.Succeed(t.Context(), "base"); done || err != nil {
				t.Errorf("%v, %v", done, err)
			}
			if w.storedWorks("base") != w.old.AccessKeyID {
				t.Error("the stored key was replaced")
			}
		})
	}
}

// What somebody has stored or removed meanwhile stays so.
func TestSucceedLeavesOthers(t *testing.T) {
	other := creds.Credentials{AccessKeyID: "AKIAOTHEROTHEROTHER0", SecretAccessKey: "x"}
	for name, change := range map[string]func(keystore.Keys) error{
		"removed":  func(k keystore.Keys) error { return k.RemoveKey("again") },
		"replaced": func(k keystore.Keys) error { return k.SaveKey("again", other) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.halfway()
			w.must(change(w.ring.Keys()))
			before, _ := w.ring.Keys().LoadKey("again")
			w.events = nil
			if done, err := w.succession().Succeed(t.Context(), "base"); !done || err != nil || len(w.events) != 1 {
				t.Errorf("%v, %v, %q", done, err, w.events)
			}
			if after, _ := w.ring.Keys().LoadKey("again"); after != before {
				t.Errorf("it became %s", after.AccessKeyID)
			}
		})
	}
}

// Where the store or the record cannot be written the stored key stays, and
// nothing is lost.
func TestSucceedCannotWrite(t *testing.T) {
	w := newWorld(t)
	w.halfway()
	s := w.succession()
	var mend func()
	s.Identify = func(ctx context.Context, key creds.Credentials) (assume.Identity, error) {
		defer func() { mend = w.breakStore() }()
		return w.identify(ctx, key)
	}
	if done, err := s.Succeed(t.Context(), "base"); done || err != nil {
		t.Errorf("%v, %v", done, err)
	}
	mend()
	w.must(os.WriteFile(w.records(), []byte("{"), 0o600))
	if done, err := w.succession().Succeed(t.Context(), "base"); done || err == nil {
		t.Errorf("%v, %v", done, err)
	}
	if w.storedWorks("base") != w.old.AccessKeyID {
		t.Error("the stored key was replaced")
	}
}
