package revoke

import (
	"strings"
	"testing"
	"time"
)

func TestParseBefore(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 300, time.FixedZone("", 3600))
	for text, want := range map[string]string{
		"2026-05-07T23:47:00Z":      "2026-05-07T23:47:00Z",
		"2026-05-07T23:47:00+02:00": "2026-05-07T21:47:00Z",
		"2026-05-07T23:47:00.001Z":  "2026-05-07T23:47:01Z",
		"2h ago":                    "2026-11-22T07:00:01Z",
		"90m ago":                   "2026-11-22T07:30:01Z",
		" 1h30mago ":                "2026-11-22T07:30:01Z",
		"3d ago":                    "2026-11-19T09:00:01Z",
		"0s ago":                    "2026-11-22T09:00:01Z",
	} {
		got, err := ParseBefore(text, now)
		if err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("%q: %s, %v, not %s", text, got, err, want)
		}
	}
}

func TestParseBeforeRefuses(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"":                     "write a time with its zone",
		"now":                  "write a time",
		"yesterday":            "write a time",
		"2h":                   "write a time",
		"ago":                  "write a time",
		"-2h ago":              "write a time",
		"-1d ago":              "write a time",
		"99999d ago":           "write a time",
		"9999999h ago":         "write a time",
		"2026-05-07":           "write a time",
		"2026-05-07T23:47:00":  "write a time",
		"1026-05-07T23:47:00Z": "write a time",
		"2026-11-22T10:00:01Z": "it is yet to come (it is 2026-11-22T10:00:00Z now)",
		"9999-12-31T23:59:59Z": "it is yet to come",
	} {
		if got, err := ParseBefore(text, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

func FuzzParseBefore(f *testing.F) {
	for _, seed := range []string{"2h ago", "3d ago", "2026-05-07T23:47:00Z", "ago", "0s ago"} {
		f.Add(seed)
	}
	now := time.Date(2026, 11, 22, 10, 0, 0, 1, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		at, err := ParseBefore(text, now)
		if err == nil && (at.After(now.Add(time.Second)) || at.Nanosecond() != 0) {
			t.Errorf("%q: %s", text, at)
		}
	})
}
