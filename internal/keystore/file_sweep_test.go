package keystore

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestKilledWritersLeaveNothing: the next writer and the next removal clear away
// what a killed one left, whichever item it was writing; other files stay.
func TestKilledWritersLeaveNothing(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(*Ring) error{
		"write":   func(r *Ring) error { return r.Set("session-b", nil) },
		"removal": func(r *Ring) error { return r.Remove("session-a") },
	} {
		o := options(t)
		ring := openFileRing(t, o)
		if err := ring.Set("session-a", nil); err != nil {
			t.Fatal(err)
		}
		left := []string{".session-gone.item.tmp2052209409", ".key-gone.item.tmp1"}
		others := []string{".session-a.item.tmp", ".notes.item.tmp1.txt", "session-a.item.tmp1", ".item"}
		for _, file := range slices.Concat(left, others) {
			if err := os.WriteFile(filepath.Join(o.FileDir, file), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := next(ring); err != nil {
			t.Fatal(err)
		}
		files := tree(t, o.FileDir)
		for _, file := range left {
			if _, ok := files["/"+file]; ok {
				t.Errorf("%s: %s is there still", name, file)
			}
		}
		for _, file := range others {
			if _, ok := files["/"+file]; !ok {
				t.Errorf("%s: %s was removed", name, file)
			}
		}
	}
}
