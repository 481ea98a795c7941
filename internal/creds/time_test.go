package creds

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, text := range []string{"2026-01-02T03:04:05Z", "2026-01-02T03:04:05UTC", "2026-01-02T05:04:05+02:00"} {
		if got, err := ParseTime(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "UTC", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02T03:04:05+02:00UTC", "tomorrow"} {
		if got, err := ParseTime(text); !got.IsZero() || err == nil {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
