package cache

import (
	"testing"
	"time"
)

// TestShortfallIsNotRoundedAway: less than what was asked for is shown as less.
func TestShortfallIsNotRoundedAway(t *testing.T) {
	t.Parallel()
	for left, want := range map[time.Duration]string{
		15*time.Minute - time.Millisecond: "the new session is valid for 14m59s, less than the 15m0s asked for",
		14 * time.Minute:                  "the new session is valid for 14m0s, less than the 15m0s asked for",
	} {
		if got := shortfall(left, 15*time.Minute); got != want {
			t.Errorf("%s: %s", left, got)
		}
	}
}
