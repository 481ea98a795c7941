package cmd

import (
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1h": time.Hour, "90m": 90 * time.Minute, "3600": time.Hour, "1h30m": 90 * time.Minute, "0": 0,
	} {
		if got, err := parseDuration(text); err != nil || got != want {
			t.Errorf("parseDuration(%q) = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "abc", "-1h", "-3600", "1.5s", "1d", "99999999999"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("parseDuration(%q) = %v, want an error", text, got)
		}
	}
}
