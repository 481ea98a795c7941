package sso

import (
	"context"
	"errors"
	"sync"
	"time"

	"assume-role/internal/bearer"
)

// pace is when the calls of a list may be made: as they come, until AWS says
// that they come too often; from then on one after the other with a gap, for
// all of them together.
type pace struct {
	lock sync.Mutex
	gap  time.Duration
	// next is when the next call may be made, slowed when the gap last grew.
	next, slowed time.Time
}

const (
	// firstGap and lastGap are 20 calls in a second and one in two.
	firstGap, lastGap = 50 * time.Millisecond, 2 * time.Second
	// maxPauses is how often one call is put off, and longestPause how long at
	// most: without a word from AWS 1, 2, 4, 8, 15 and 15 seconds.
	maxPauses, longestPause = 6, 15 * time.Second
)

// slot waits until a call may be made, and returns when that is.
func (l *lister) slot(ctx context.Context) (time.Time, error) {
	l.pace.lock.Lock()
	now := l.Now()
	at := now
	if l.next.After(now) {
		at = l.next
	}
	l.next = at.Add(l.gap)
	l.pace.lock.Unlock()
	return at, l.sleep(ctx, at.Sub(now))
}

// slower puts off all calls after one was refused for coming too often, and
// makes the gap between them larger. Those that were on their way already when
// that was done last count with it.
func (l *lister) slower(began time.Time, err error, try int) {
	wait := min(time.Second<<try, longestPause)
	var refusal *bearer.Refusal
	if errors.As(err, &refusal) && refusal.RetryAfter > 0 {
		wait = refusal.RetryAfter
	}
	l.pace.lock.Lock()
	defer l.pace.lock.Unlock()
	now := l.Now()
	if began.Before(l.slowed) {
		return
	}
	l.gap = min(lastGap, max(firstGap, l.gap*3/2))
	l.slowed, l.next = now.Add(wait), now.Add(wait)
	l.debug("the portal is asked too often: waiting %s, and %s between two calls from then on", wait, l.gap)
}

// sleep waits; the error is why it did not.
func (l *lister) sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	client, err := l.Client()
	if err != nil {
		return err
	}
	if client.Sleep != nil {
		client.Sleep(d)
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
