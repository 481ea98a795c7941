package cache

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestReindex loses the index, tears it, and lets it fall behind: each time
// it says afterwards what the store holds, and what it was right about stays.
func TestReindex(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, name := range []string{"one", "two"} {
		r.obtain(t, Request{Key: key(name)}, r.mint("ASIA"+name, time.Hour))
	}
	must(t, r.Index.PutKey(StoredKey{Profile: "dev", AccessKeyID: "AKIA"}))
	want, err := r.Index.Read()
	if err != nil || len(want.Sessions) != 2 {
		t.Fatalf("%+v, %v", want, err)
	}
	gone := Session{Key: key("gone"), Profile: "gone", Kind: "assume-role", Expires: start.Add(time.Hour)}
	for name, tc := range map[string]struct {
		spoil          func() error
		added, dropped int
		keys           int
	}{
		"nothing":    {func() error { return nil }, 0, 0, 1},
		"one behind": {func() error { return r.Index.Drop(key("one")) }, 1, 0, 1},
		"one ahead":  {func() error { return r.Index.putSession(gone) }, 0, 1, 1},
	} {
		must(t, tc.spoil())
		r.reindexed(t, name, Reindexed{Sessions: 2, Added: tc.added, Dropped: tc.dropped})
		got, err := r.Index.Read()
		if err != nil || len(got.Sessions) != 2 || len(got.Keys) != tc.keys || !cmp.Equal(got.Sessions[0], want.Sessions[0]) || got.Generation != want.Generation {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	must(t, os.WriteFile(r.Index.Path, []byte(`{"version":1,"sess`), 0o600))
	r.reindexed(t, "torn", Reindexed{Sessions: 2, Added: 2})
	must(t, os.Remove(r.Index.Path))
	r.reindexed(t, "lost", Reindexed{Sessions: 2, Added: 2})
	if got, err := r.Index.Read(); err != nil || len(got.Sessions) != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

func (r *rig) reindexed(t *testing.T, what string, want Reindexed) {
	t.Helper()
	if got, err := r.Reindex(); err != nil || got != want {
		t.Errorf("%s: %+v, %v, want %+v", what, got, err, want)
	}
}

// TestReindexOfWhatCannotBeRead: a locked or damaged session is counted, and
// keeps nothing else from being indexed.
func TestReindexOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, Request{Key: key("one")}, r.mint("ASIAONE", time.Hour))
	must(t, os.Remove(r.Index.Path))
	r.store.items[key("torn")] = []byte("{")
	r.reindexed(t, "torn", Reindexed{Sessions: 2, Added: 1, Unread: 1})

	r.store.getErr = errors.New("locked")
	must(t, os.Remove(r.Index.Path))
	r.reindexed(t, "locked", Reindexed{Sessions: 2, Unread: 2})

	r.store.namesErr = errors.New("no list")
	if _, err := r.Reindex(); err == nil {
		t.Error("a store that cannot be listed is no error")
	}
}

// TestReindexWritesOnlyChanges: an index that is right is left alone, one that
// is torn is replaced even where there is nothing to say.
func TestReindexWritesOnlyChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.reindexed(t, "nothing", Reindexed{})
	if _, err := os.Stat(r.Index.Path); !os.IsNotExist(err) {
		t.Errorf("an empty index was made: %v", err)
	}
	r.obtain(t, Request{Key: key("one")}, r.mint("ASIAONE", time.Hour))
	r.store.items = map[string][]byte{}
	must(t, os.WriteFile(r.Index.Path, []byte("{"), 0o600))
	r.reindexed(t, "torn", Reindexed{})
	if _, err := r.Index.Read(); err != nil {
		t.Errorf("the torn index stayed: %v", err)
	}
}
