package cache

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// raised checks that the generation is another one than ever before.
func raised(t *testing.T, x *Index, seen map[int64]string, why string) {
	t.Helper()
	now := x.Generation()
	if before, ok := seen[now]; ok {
		t.Errorf("%s: generation %d is that of: %s", why, now, before)
	}
	seen[now] = why
	if contents := read(t, x); contents.Generation != now {
		t.Errorf("%s: generation %d, in the contents %d", why, now, contents.Generation)
	}
}

func TestGenerationIsNeverTheSameAgain(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	x := r.Index
	seen := map[int64]string{0: "no index"}
	raised(t, x, seen, "the first sessions")
	must(t, x.Raise())
	raised(t, x, seen, "asked for")
	r.Clear(Filter{Profiles: []string{"dev"}})
	raised(t, x, seen, "cleared")
	r.clock.advance(-24 * time.Hour)
	must(t, x.Raise())
	raised(t, x, seen, "with the clock set back")
	must(t, os.Remove(x.Path))
	if got := x.Generation(); got != 0 {
		t.Errorf("without an index: %d", got)
	}
	must(t, x.Raise())
	raised(t, x, seen, "after the index was lost")
	must(t, os.WriteFile(x.Path, []byte("torn"), 0o600))
	r.clock.advance(time.Minute)
	must(t, x.PutKey(StoredKey{Profile: "a"}))
	raised(t, x, seen, "after it was torn, with nothing cleared since")
	must(t, x.update(func(c *Contents) { c.Generation = math.MaxInt64 }))
	raised(t, x, seen, "the largest")
	r.clock.advance(time.Minute)
	must(t, x.Raise())
	raised(t, x, seen, "beyond the largest")
}

func TestGenerationStays(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	want := r.Index.Generation()
	locked := r.again()
	for name, do := range map[string]func(){
		"a session stored":     func() { r.obtain(t, usual("new"), r.mint("ASIANEW", time.Hour)) },
		"a key stored":         func() { must(t, r.Index.PutKey(StoredKey{Profile: "a"})) },
		"nothing to clear":     func() { locked.Clear(Filter{Profiles: []string{"gone"}}) },
		"nothing that expired": func() { locked.Clear(Filter{Profiles: []string{"dev"}, Expired: true}) },
		"reindexed": func() {
			if _, err := r.Reindex(); err != nil {
				t.Error(err)
			}
		},
		"peeked": func() { r.Peek(Filter{All: true}) },
	} {
		delete(r.store.items, corrupted) // every filter takes it
		do()
		if got := r.Index.Generation(); got != want {
			t.Errorf("%s: generation %d became %d", name, want, got)
		}
	}
}

// What had to go and could not is of no use either.
func TestGenerationGoesUpForWhatStayed(t *testing.T) {
	t.Parallel()
	r := stocked(t)
	delete(r.store.items, corrupted)
	before := r.Index.Generation()
	r.store.removeErr = map[string]error{key("dev"): os.ErrPermission}
	if r.Clear(Filter{Profiles: []string{"dev"}}); r.Index.Generation() <= before {
		t.Error("the generation stayed")
	}
}

func TestGenerationOfWhatIsNoIndex(t *testing.T) {
	t.Parallel()
	x := &Index{Path: filepath.Join(t.TempDir(), "index.json")}
	for text, want := range map[string]int64{
		`{"version":1,"generation":7,"keys":[]}`:                            7,
		`{"version":1,"generation":7}`:                                      7,
		`{"version":1,"generation":-7}`:                                     -7,
		`{"version":1,"generation":9223372036854775807,"sessions":[]}`:      math.MaxInt64,
		`{"version":1,"generation":9223372036854775808,"sessions":[]}`:      0,
		`{"version":1,"generation":7`:                                       0,
		`{"version":1,"generation":,`:                                       0,
		`{"version":2,"generation":7,`:                                      0,
		`{"version":1,"keys":[],"generation":7}`:                            0,
		`{"version":1,"generation":` + strings.Repeat("1", 100):             0,
		`{"version":1,"generation":7` + strings.Repeat(" ", 100) + `,"x":0`: 0,
		``: 0, `null`: 0, `7`: 0,
	} {
		must(t, os.WriteFile(x.Path, []byte(text), 0o600))
		if got := x.Generation(); got != want {
			t.Errorf("%s: %d", text, got)
		}
	}
	x.Path = filepath.Dir(x.Path)
	if got := x.Generation(); got != 0 {
		t.Errorf("a folder: %d", got)
	}
}

// FuzzGeneration: where an index can be read, its head tells the same as the
// whole, unless it is none of ours.
func FuzzGeneration(f *testing.F) {
	f.Add([]byte(`{"version":1,"generation":1793496600000000000,"sessions":[{"key":"k"}]}`))
	f.Add([]byte(`{"version":1,"generation":1}`))
	f.Add([]byte(`{"version":1,"generation":01}`))
	f.Add([]byte(`{"version":1,"generation":+1,"keys":[]}`))
	f.Add([]byte(`{"version":1,"generation":1,"generation":2}`))
	f.Add([]byte(`{"version":1}`))
	f.Add([]byte(`{"version":1,"generation":`))
	x := &Index{Path: filepath.Join(f.TempDir(), "index.json")}
	f.Fuzz(func(t *testing.T, data []byte) {
		must(t, os.WriteFile(x.Path, data, 0o600))
		contents, err := x.Read()
		if err != nil {
			_ = x.Generation() // Must only not break.
			return
		}
		whole, err := formatIndex(contents)
		must(t, err)
		must(t, os.WriteFile(x.Path, whole, 0o600))
		if got := x.Generation(); got != contents.Generation {
			t.Errorf("%s: %d, want %d", whole, got, contents.Generation)
		}
	})
}

func BenchmarkGeneration(b *testing.B) {
	for _, n := range []int{20, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			x := &Index{Path: filepath.Join(b.TempDir(), "index.json"), Now: func() time.Time { return start }}
			x.Locks = filepath.Dir(x.Path)
			var sessions []Session
			for i := range n {
				sessions = append(sessions, at(key(fmt.Sprint(i)), "profile", start.Add(time.Hour)))
			}
			if err := x.amend(sessions, nil); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if x.Generation() == 0 {
					b.Fatal("no generation")
				}
			}
		})
	}
}
