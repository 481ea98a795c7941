package securefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// over is a context whose time is up.
func over(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), time.Time{})
	t.Cleanup(cancel)
	return ctx
}

// Whoever waits goes on when the lock is free, and does not have it: neither
// another who waits nor the next holder is kept.
func TestAwait(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	if err := Await(over(t), path); err != nil {
		t.Errorf("a lock that nobody ever had: %v", err)
	}
	lock, err := Acquire(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var held *HeldError
	if err := Await(over(t), path); !errors.As(err, &held) || held.PID != os.Getpid() {
		t.Errorf("a lock that is held: %v", err)
	}
	done := make(chan error, 2)
	for range cap(done) {
		go func() { done <- Await(t.Context(), path) }()
	}
	lock.Release()
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if lock, err = Acquire(over(t), path); err != nil {
		t.Fatalf("after those who waited: %v", err)
	}
	lock.Release()
}

// One that is slow to go on keeps no other waiting.
func TestAwaitBesideOthers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	slow, err := openLockFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if err := lockShared(slow); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := Await(ctx, path); err != nil {
		t.Error(err)
	}
}

// A person is told whom the wait is for, and that it is over.
func TestAwaitSaying(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := Acquire(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	told, ended := 0, false
	err = AwaitSaying(t.Context(), path, time.Nanosecond, func(held *HeldError) func() {
		told = held.PID
		lock.Release()
		return func() { ended = true }
	})
	if err != nil || told != os.Getpid() || !ended {
		t.Errorf("%v, told of %d, over %t", err, told, ended)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if lock, err = Acquire(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	if err := AwaitSaying(stopped, path, time.Minute, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
