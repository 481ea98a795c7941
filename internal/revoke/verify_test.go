package revoke

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
)

var (
	errDenied  = fmt.Errorf("GetRole failed with AccessDenied: with an explicit deny in an identity-based policy: %w", iam.ErrDenied)
	errMissing = fmt.Errorf("GetRole failed with AccessDenied: because no identity-based policy allows it: %w", iam.ErrDenied)
)

func TestDenied(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err  error
		want bool
	}{{errDenied, true}, {errMissing, false}, {nil, false}, {errors.New("explicit deny"), false}} {
		if Denied(tc.err) != tc.want {
			t.Errorf("%v", tc.err)
		}
	}
}

// waiting records its pauses instead of waiting. Its clock moves by them, and by
// what each look at it takes.
func waiting(pauses *[]time.Duration, each time.Duration) Waiting {
	now := moment
	return Waiting{
		Now: func() time.Time { now = now.Add(each); return now },
		Sleep: func(_ context.Context, d time.Duration) error {
			*pauses, now = append(*pauses, d), now.Add(d)
			return nil
		},
	}
}

func TestAwait(t *testing.T) {
	t.Parallel()
	answers := []error{nil, errMissing, errors.New("no route to host"), errDenied}
	var pauses []time.Duration
	err := waiting(&pauses, 0).Await(t.Context(), func(context.Context) error {
		next := answers[0]
		answers = answers[1:]
		return next
	})
	if err != nil || len(answers) != 0 || fmt.Sprint(pauses) != "[1s 2s 4s]" {
		t.Errorf("%v, %d answers are left, pauses %v", err, len(answers), pauses)
	}
}

func TestAwaitGivesUp(t *testing.T) {
	t.Parallel()
	for want, answer := range map[string]error{
		"AWS still accepts an older session 5 minutes after the change":                  nil,
		"an older session was refused, but not by the policy 5 minutes after the change": errMissing,
		"whether AWS refuses an older session could not be found out 5 minutes after":    errors.New("no route to host"),
	} {
		var pauses []time.Duration
		err := waiting(&pauses, 0).Await(t.Context(), func(context.Context) error { return answer })
		total := time.Duration(0)
		for _, pause := range pauses {
			total += pause
			if pause > longestPause {
				t.Errorf("a pause of %s", pause)
			}
		}
		if err == nil || !strings.HasPrefix(err.Error(), want) || total < Patience || total > Patience+longestPause {
			t.Errorf("%v after %s", err, total)
		}
	}
}

// Probes that take their time are part of the wait.
func TestAwaitCountsSlowProbes(t *testing.T) {
	t.Parallel()
	var pauses []time.Duration
	probes := 0
	err := waiting(&pauses, 29*time.Second).Await(t.Context(), func(context.Context) error { probes++; return errors.New("no answer in time") })
	if err == nil || probes != 9 {
		t.Errorf("%v after %d probes, pauses %v", err, probes, pauses)
	}
}

func TestAwaitEndsAtCtrlC(t *testing.T) {
	t.Parallel()
	var pauses []time.Duration
	w := waiting(&pauses, 0)
	if err := w.Await(t.Context(), func(context.Context) error { return fault.ErrInterrupted }); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("in a probe: %v", err)
	}
	w.Sleep = func(context.Context, time.Duration) error { return fault.ErrInterrupted }
	if err := w.Await(t.Context(), func(context.Context) error { return nil }); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("in a pause: %v", err)
	}
}
