package cache

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"assume-role/internal/securefile"
)

// during waits for a signal that comes if things happen at the same time, and
// never if they do not.
func during(t *testing.T, signal <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(20 * time.Second):
		t.Error(what)
	}
}

// inner asks for the session of a step that signs another call.
func inner() Request {
	q := usual("inner")
	q.Outermost = false
	return q
}

// TestInnerSessionIsStoredBesideTheNextCall: the store takes the inner session
// while the outer one is made, and has it before the outer one is there.
func TestInnerSessionIsStoredBesideTheNextCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	calling := make(chan struct{})
	r.store.onSet = func() { during(t, calling, "the next call waited for the store") }
	r.obtain(t, usual("outer"), func(ctx context.Context) (Entry, error) {
		if _, err := r.Obtain(ctx, inner(), r.mint("INNER", time.Hour)); err != nil {
			return Entry{}, err
		}
		close(calling)
		return r.mint("OUTER", time.Hour)(ctx)
	})
	if contents, err := r.Index.Read(); err != nil || r.store.sets != 2 || len(contents.Sessions) != 2 {
		t.Errorf("%d items, and the index has %v, %v", r.store.sets, contents.Sessions, err)
	}
}

// TestInnerSessionIsKeptWhereTheNextCallFails: it may have cost an MFA code.
func TestInnerSessionIsKeptWhereTheNextCallFails(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	calling, denied := make(chan struct{}), errors.New("denied")
	r.store.onSet = func() { during(t, calling, "the next call waited for the store") }
	_, err := r.Obtain(t.Context(), usual("outer"), func(ctx context.Context) (Entry, error) {
		if _, err := r.Obtain(ctx, inner(), r.mint("INNER", time.Hour)); err != nil {
			return Entry{}, err
		}
		close(calling)
		return Entry{}, denied
	})
	if !errors.Is(err, denied) || r.store.items[key("inner")] == nil {
		t.Errorf("%v; the store has %d items", err, len(r.store.items))
	}
}

// TestInnerSessionIsLockedUntilItIsStored: whoever waits for it finds it.
func TestInnerSessionIsLockedUntilItIsStored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	lockOfInner := filepath.Join(r.Locks, "session-"+key("inner")+".lock")
	storing, looked := make(chan struct{}), make(chan struct{})
	r.store.onSet = func() {
		close(storing)
		during(t, looked, "nobody looked at the lock")
	}
	r.obtain(t, usual("outer"), func(ctx context.Context) (Entry, error) {
		if _, err := r.Obtain(ctx, inner(), r.mint("INNER", time.Hour)); err != nil {
			return Entry{}, err
		}
		<-storing
		over, cancel := context.WithTimeout(ctx, time.Nanosecond)
		defer cancel()
		<-over.Done()
		lock, err := securefile.Acquire(over, lockOfInner)
		if err == nil {
			t.Error("the lock is free, and the session is not in the store")
			lock.Release()
		}
		close(looked)
		return r.mint("OUTER", time.Hour)(ctx)
	})
	lock, err := securefile.Acquire(t.Context(), lockOfInner)
	if err != nil {
		t.Fatal(err)
	}
	lock.Release()
}

// TestStored: a mint that has to ask a person for something waits for what the
// store may ask.
func TestStored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := false
	r.store.onSet = func() { asked = true }
	r.obtain(t, usual("outer"), func(ctx context.Context) (Entry, error) {
		if _, err := r.Obtain(ctx, inner(), r.mint("INNER", time.Hour)); err != nil {
			return Entry{}, err
		}
		Stored(ctx)
		if !asked || r.store.items[key("inner")] == nil {
			t.Error("the session is not stored")
		}
		return r.mint("OUTER", time.Hour)(ctx)
	})
	Stored(t.Context()) // outside a mint there is nothing to wait for
}
