package revoke

import (
	"context"
	"errors"
	"testing"
	"time"

	"assume-role/internal/fault"
)

// For every difference of the clocks and every place of the answer in AWS's
// second: what was issued until the answer is denied, and when the wait is
// over, what is issued then is not.
func TestMomentAndWait(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for _, offset := range []time.Duration{0, -7 * time.Minute, 3*time.Second + 250*time.Millisecond, 499 * time.Millisecond, 750 * time.Millisecond, -200 * time.Millisecond, -500 * time.Millisecond} {
		for at := time.Duration(0); at < time.Second; at += 50 * time.Millisecond {
			local := start.Add(at)
			aws := local.Add(offset)
			skew := aws.Truncate(time.Second).Sub(local).Round(time.Second) // as the Date header shows it
			moment := Moment(local, skew)
			if issued := aws.Truncate(time.Second); !issued.Before(moment) {
				t.Errorf("offset %s at %s: a session of %s outlives %s", offset, at, issued, moment)
			}
			wait := UntilPast(moment, local, skew)
			if issued := aws.Add(wait).Truncate(time.Second); issued.Before(moment) {
				t.Errorf("offset %s at %s: a session of %s, made after %s, is denied by %s", offset, at, issued, wait, moment)
			}
			if wait > 3*time.Second {
				t.Errorf("offset %s at %s: a wait of %s", offset, at, wait)
			}
		}
	}
}

func TestNoWaitForThePast(t *testing.T) {
	t.Parallel()
	if d := UntilPast(moment, moment.Add(time.Second), 0); d != 0 {
		t.Errorf("waits %s", d)
	}
}

// The console's moments have milliseconds, sessions have not.
func TestWaitForThePartOfASecond(t *testing.T) {
	t.Parallel()
	within := moment.Add(123 * time.Millisecond)
	now := moment.Add(-time.Second)
	issued := now.Add(UntilPast(within, now, 0)).Truncate(time.Second)
	if issued.Before(within) {
		t.Errorf("a session of %s is denied by %s", issued, within)
	}
}

func TestSleepEndsAtCtrlC(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Sleep(ctx, time.Hour); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("%v", err)
	}
	if err := Sleep(t.Context(), 0); err != nil {
		t.Errorf("%v", err)
	}
}
