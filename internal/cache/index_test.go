package cache

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// at returns a session as the index lists it.
func at(key, profile string, expires time.Time) Session {
	return Session{Key: key, Profile: profile, Kind: "assume-role", Expires: expires}
}

func read(t *testing.T, x *Index) Contents {
	t.Helper()
	contents, err := x.Read()
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

// listed is what the index lists, whatever its generation.
func listed(t *testing.T, x *Index) Contents {
	t.Helper()
	contents := read(t, x)
	contents.Generation = 0
	return contents
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	x := newRig(t).Index
	later := start.Add(time.Hour)
	must(t, x.putSession(at("2", "b", later)))
	must(t, x.putSession(at("1", "a", later)))
	must(t, x.putSession(at("2", "b", later.Add(time.Hour))))
	must(t, x.PutKey(StoredKey{Profile: "z", AccessKeyID: "AKIAZ"}))
	must(t, x.PutKey(StoredKey{Profile: "a", AccessKeyID: "AKIAOLD"}))
	must(t, x.PutKey(StoredKey{Profile: "a", AccessKeyID: "AKIANEW", AccountID: "123456789012"}))
	want := Contents{
		Sessions: []Session{at("1", "a", later), at("2", "b", later.Add(time.Hour))},
		Keys:     []StoredKey{{Profile: "a", AccessKeyID: "AKIANEW", AccountID: "123456789012"}, {Profile: "z", AccessKeyID: "AKIAZ"}},
	}
	if diff := cmp.Diff(want, listed(t, x)); diff != "" {
		t.Error(diff)
	}
	if keys, err := x.Keys(); err != nil || !cmp.Equal(keys, want.Keys) {
		t.Errorf("Keys() = %v, %v", keys, err)
	}
	must(t, x.Drop("1", "none"))
	must(t, x.RemoveKey("z"))
	want = Contents{Sessions: want.Sessions[1:], Keys: want.Keys[:1]}
	if diff := cmp.Diff(want, listed(t, x)); diff != "" {
		t.Error(diff)
	}
	must(t, x.update(func(c *Contents) { *c = Contents{} }))
	if diff := cmp.Diff(Contents{}, listed(t, x)); diff != "" {
		t.Error(diff)
	}
}

func TestIndexIsPrivateAndHoldsNoSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.obtain(t, usual("a"), r.mint("ASIAEXAMPLE", time.Hour))
	text, err := os.ReadFile(r.Index.Path)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "canary") {
		t.Errorf("the index holds a secret: %s", text)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, mode := range map[string]os.FileMode{r.Index.Path: 0o600, filepath.Dir(r.Index.Path): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestIndexThatIsNoIndexIsEmpty(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "x", "[]", `"text"`, `{}`, `{"version":2,"keys":[{"profile":"a"}]}`,
		`{"version":1,"sessions":[{"key":1}]}`, `{"version":1,"keys":[{"profile":"a"}]`,
	} {
		r := newRig(t)
		must(t, os.MkdirAll(filepath.Dir(r.Index.Path), 0o700))
		must(t, os.WriteFile(r.Index.Path, []byte(text), 0o600))
		contents, err := r.Index.Read()
		if err == nil || len(contents.Sessions)+len(contents.Keys) > 0 {
			t.Errorf("%s: read as %v, %v", text, contents, err)
		}
		if keys, err := r.Index.Keys(); len(keys) > 0 || err == nil && strings.Contains(text, "keys") {
			t.Errorf("%s: the keys are %v, %v", text, keys, err)
		}
		must(t, r.Index.PutKey(StoredKey{Profile: "a", AccessKeyID: "AKIA"}))
		if got := read(t, r.Index).Keys; len(got) != 1 {
			t.Errorf("%s: was not replaced: %v", text, got)
		}
	}
}

func TestIndexOfAnOddFile(t *testing.T) {
	t.Parallel()
	x := &Index{Path: t.TempDir()}
	if contents, err := x.Read(); err == nil {
		t.Errorf("a folder was read as %v", contents)
	}
	x.Path = filepath.Join(x.Path, "missing")
	if contents, err := x.Read(); err != nil || len(contents.Sessions) > 0 {
		t.Errorf("a missing index: %v, %v", contents, err)
	}
}

func TestIndexForgetsWhatExpiredLongAgo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	must(t, r.Index.putSession(at("1", "a", start.Add(time.Hour))))
	r.clock.advance(time.Hour + keepExpired - time.Second)
	must(t, r.Index.PutKey(StoredKey{Profile: "a"}))
	if got := read(t, r.Index).Sessions; len(got) != 1 || got[0].Left(r.clock.Now()) != 0 {
		t.Errorf("a session that expired this month: %v", got)
	}
	r.clock.advance(time.Second)
	must(t, r.Index.RemoveKey("a"))
	if got := read(t, r.Index).Sessions; len(got) != 0 {
		t.Errorf("still there: %v", got)
	}
}

func TestIndexJudgesExpiryByTheServersClock(t *testing.T) {
	t.Parallel()
	s := at("1", "a", start.Add(10*time.Hour))
	s.Skew = 9 * time.Hour
	if got := s.Left(start); got != time.Hour {
		t.Errorf("%s left", got)
	}
	if got := s.Left(start.Add(2 * time.Hour)); got != 0 {
		t.Errorf("%s left of a session that is over", got)
	}
}

func TestIndexIsNotWrittenWithoutAChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	must(t, r.Index.PutKey(StoredKey{Profile: "a"}))
	before, err := os.Stat(r.Index.Path)
	must(t, err)
	must(t, r.Index.PutKey(StoredKey{Profile: "a"}))
	must(t, r.Index.Drop("none"))
	after, err := os.Stat(r.Index.Path)
	must(t, err)
	if !os.SameFile(before, after) {
		t.Error("the same contents were written again")
	}
}

// TestIndexOfNothing: where there is nothing to forget, no folder is made.
func TestIndexOfNothing(t *testing.T) {
	t.Parallel()
	x := newRig(t).Index
	must(t, x.Drop("1", "2"))
	must(t, x.RemoveKey("a"))
	if _, err := os.Stat(filepath.Dir(x.Path)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the index's folder: %v, want none", err)
	}
}

func TestIndexLosesNoUpdate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			if err := r.Index.PutKey(StoredKey{Profile: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := read(t, r.Index).Keys; len(got) != 30 {
		t.Errorf("%d of 30 keys", len(got))
	}
}

func TestIndexFailures(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := func() time.Time { return start }
	for name, x := range map[string]*Index{
		"no folder":                     {Path: filepath.Join(os.DevNull, "index.json"), Locks: dir, Now: now},
		"no locks":                      {Path: filepath.Join(dir, "index.json"), Locks: filepath.Join(dir, "missing"), Now: now},
		"a folder":                      {Path: dir, Locks: dir, Now: now},
		"a year that JSON cannot write": {Path: filepath.Join(dir, "year"), Locks: dir, Now: now},
	} {
		if err := x.putSession(at("1", "a", time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC))); err == nil {
			t.Errorf("%s: no error", name)
		} else if errors.Is(err, os.ErrExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkIndexRead reads an index of 200 sessions.
func BenchmarkIndexRead(b *testing.B) {
	x := &Index{Path: filepath.Join(b.TempDir(), "index.json"), Now: func() time.Time { return start }}
	x.Locks = filepath.Dir(x.Path)
	var c Contents
	for i := range 200 {
		c.Sessions = append(c.Sessions, at(key(fmt.Sprint(i)), "profile", start.Add(time.Hour)))
	}
	if err := x.update(func(now *Contents) { *now = c }); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := x.Read(); err != nil {
			b.Fatal(err)
		}
	}
}
