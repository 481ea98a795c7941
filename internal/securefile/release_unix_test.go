//go:build unix

package securefile

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// A folder of locks must not fill up, and removing a lock's file must not let
// two hold it.
func TestReleasedLockLeavesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	var inside atomic.Int32
	var shared atomic.Bool
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 20 {
				lock, err := Acquire(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if inside.Add(1) > 1 {
					shared.Store(true)
				}
				for range 100 {
					runtime.Gosched()
				}
				inside.Add(-1)
				lock.Release()
			}
		})
	}
	all.Wait()
	if shared.Load() {
		t.Error("two held the lock at once")
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the lock's file stayed: %v", err)
	}
}

// A file that took the place of the lock's is another's, and stays.
func TestReleaseLeavesWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	lock, err := Acquire(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	other, err := Acquire(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	lock.Release()
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("another's lock was removed: %v", err)
	}
}
