package securefile

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// soon bounds waits that end long before, unless the code is broken.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func mustAcquire(t *testing.T, path string) *Lock {
	t.Helper()
	lock, err := Acquire(soon(t), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lock.Release)
	return lock
}

func TestLockExcludesGoroutines(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	var inside, overlaps atomic.Int32
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			lock, err := Acquire(soon(t), path)
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) > 1 {
				overlaps.Add(1)
			}
			inside.Add(-1)
			lock.Release()
		})
	}
	all.Wait()
	if n := overlaps.Load(); n > 0 {
		t.Errorf("%d goroutines held the lock beside another", n)
	}
}

func TestLockExcludesProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	counter := filepath.Join(dir, "counter")
	if err := os.WriteFile(counter, []byte("0"), 0o600); err != nil {
		t.Fatal(err)
	}
	var cmds []*exec.Cmd
	for range 20 {
		cmd := child(t, "count", filepath.Join(dir, "lock"), counter, "10")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		cmds = append(cmds, cmd)
	}
	for _, cmd := range cmds {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	if got, _ := os.ReadFile(counter); string(got) != "200" {
		t.Errorf("20 processes added 10 each: %s", got)
	}
}

func TestLockDiesWithItsHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	holder := startHolder(t, path)
	won := make(chan error)
	go func() {
		lock, err := Acquire(soon(t), path)
		lock.Release()
		won <- err
	}()
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := <-won; err != nil {
		t.Errorf("after the holder was killed: %v", err)
	}
}

func TestHeldNamesTheHolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	holder := startHolder(t, path)

	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for name, ctx := range map[string]context.Context{"after a wait": short, "without one": overdue(t)} {
		_, err := Acquire(ctx, path)
		var held *HeldError
		if !errors.As(err, &held) || held.PID != holder.Process.Pid || held.Path != path {
			t.Errorf("%s: %#v, want the pid %d", name, err, holder.Process.Pid)
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: not that time ran out: %v", name, err)
		}
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	held := mustAcquire(t, path)
	why := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(soon(t))
	ended := make(chan error)
	go func() {
		_, err := Acquire(ctx, path)
		ended <- err
	}()
	cancel(why)
	if err := <-ended; !errors.Is(err, why) {
		t.Errorf("a cancelled wait ended with %v", err)
	}
	held.Release()
	mustAcquire(t, path) // The waiter that gave up must not keep the lock.
}

// overdue has ended: Acquire has one try with it, and nobody stays behind.
func overdue(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	t.Cleanup(cancel)
	return ctx
}

func TestAContextThatHasEndedHasOneTry(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	lock, err := Acquire(ctx, path)
	if err != nil {
		t.Fatalf("a lock that is free: %v", err)
	}
	defer lock.Release()
	if _, err := Acquire(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("a lock that is held: %v", err)
	}
}

func TestReleaseTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	first := mustAcquire(t, path)
	first.Release()
	second := mustAcquire(t, path)
	first.Release()
	var held *HeldError
	if _, err := Acquire(overdue(t), path); !errors.As(err, &held) {
		t.Errorf("the second release of one lock freed another: %v", err)
	}
	second.Release()
	var none *Lock
	none.Release()
}

// A cleaner of temporary folders may remove a lock's file while it is held
// and waited for. Who wins then must hold the file that latecomers find.
func TestLockFileRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	for range 50 {
		first := mustAcquire(t, path)
		won := make(chan *Lock)
		go func() {
			lock, err := Acquire(soon(t), path)
			if err != nil {
				t.Error(err)
			}
			won <- lock
		}()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		first.Release()
		second := <-won
		var held *HeldError
		if lock, err := Acquire(overdue(t), path); !errors.As(err, &held) {
			lock.Release()
			t.Fatalf("two hold locks of one name: %v", err)
		}
		second.Release()
	}
}

func TestHolderWithoutANumber(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	for _, content := range []string{"", "x", "-4", "99999999999999999999999999999999999999999999"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if pid := holder(path); pid != 0 {
			t.Errorf("%q: pid %d", content, pid)
		}
	}
	if got, want := (&HeldError{Path: "l"}).Error(), "l is locked by another process"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := (&HeldError{Path: "l", PID: 7}).Error(), "l is locked by process 7"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func BenchmarkLock(b *testing.B) {
	path := filepath.Join(b.TempDir(), "lock")
	for b.Loop() {
		lock, err := Acquire(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		lock.Release()
	}
}
