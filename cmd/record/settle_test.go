package main

import (
	"testing"
	"time"
	"unicode/utf8"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	s := &stage{folder: "/tmp/assume-role-record-123", began: time.Date(2031, 5, 2, 23, 50, 42, 0, time.UTC)}
	for text, want := range map[string]string{
		"key AKIAABCDEFGHIJKLMNOP, ASIA234567ABCDEFGHIJ": "key AKIAIOSFODNN7EXAMPLE, ASIAIOSFODNN7EXAMPLE",
		"at http://127.0.0.1:54321/x":                    "at http://127.0.0.1:40404/x",
		"in /tmp/assume-role-record-123/.aws/config":     "in /home/alice/.aws/config",
		"until 2031-05-03 00:50":                         "until 2026-11-30 11:30",
		"until 2031-05-03 00:50:41Z":                     "until 2026-11-30 11:30:00Z",
		"2031-05-03T07:50:45Z":                           "2026-11-30T18:30:00Z",
		"until 00:50, 07:50:44":                          "until 11:30, 18:30:00",
		"\x1b[32m2031-05-03 00:50\x1b[m \x1b[32m00:50":   "\x1b[32m2026-11-30 11:30\x1b[m \x1b[32m11:30",
		"until 23:50":                                    "until 10:30",
		"arn:aws:iam::123456789012:mfa/alice":            "arn:aws:iam::123456789012:mfa/alice",
		"59m, config:12, 2031-99-99 10:10 25:10":         "59m, config:12, 2031-99-99 10:10 25:10",
	} {
		if got := s.settle(text); got != want {
			t.Errorf("settle(%q) = %q, want %q", text, got, want)
		}
	}
	if got := s.settle("2031-05-03 00:50"); utf8.RuneCountInString(got) != len("2031-05-03 00:50") {
		t.Errorf("%q has another width", got)
	}
}

// A second that falls on the other side of a minute changes nothing.
func TestSettleIsSteady(t *testing.T) {
	t.Parallel()
	for second := range 60 {
		s := &stage{folder: "/tmp/x", began: time.Date(2031, 5, 2, 10, 0, second, 0, time.UTC)}
		end := s.began.Add(time.Hour + 3*time.Second)
		for form, want := range map[string]string{"15:04": "11:30", "2006-01-02 15:04:05": "2026-11-30 11:30:00"} {
			if got := s.settle(end.Format(form)); got != want {
				t.Errorf("second %d: %s", second, got)
			}
		}
	}
}
