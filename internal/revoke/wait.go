package revoke

import (
	"context"
	"time"

	"assume-role/internal/fault"
)

// Moment is the first second that AWS's clock has not reached yet. Sessions
// issued so far carry an earlier one, and a policy that denies what was issued
// before it denies them all. skew is AWS's clock minus the local one, as an
// answer just before showed it: within half a second, since its Date has whole
// seconds.
func Moment(now time.Time, skew time.Duration) time.Time {
	return now.Add(skew).Round(time.Second).Add(time.Second).UTC()
}

// margin is what skew may be off by.
const margin = 500 * time.Millisecond

// UntilPast is how long to wait until AWS's clock has reached a moment, for
// certain; 0 where it has. Sessions say the second in which they were issued: a
// moment within a second, as the console writes them, denies those of all of it.
func UntilPast(moment, now time.Time, skew time.Duration) time.Duration {
	return max(0, roundUp(moment).Add(margin).Sub(now.Add(skew)))
}

// Sleep waits, unless ctx ends first.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fault.ErrInterrupted
	}
}
