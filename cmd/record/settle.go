package main

import (
	"regexp"
	"strings"
	"time"
)

// base is when every recording begins, as its pictures have it.
func base() time.Time { return time.Date(2026, 11, 30, 10, 30, 0, 0, time.UTC) }

// settle gives what differs from run to run the same value each time, no wider
// and no narrower: key ids, the port, how far the clock is off, and times, which
// keep their distance from the beginning, to ten minutes. The home is called as
// users call theirs.
func (s *stage) settle(text string) string {
	for _, rule := range []struct{ pattern, with string }{
		{`AKIA[A-Z2-7]{16}`, "AKIAIOSFODNN7EXAMPLE"},
		{`ASIA[A-Z2-7]{16}`, "ASIAIOSFODNN7EXAMPLE"},
		{`AWS's, to \ds`, "AWS's, to 1s"},
		{`127\.0\.0\.1:\d{5}`, "127.0.0.1:40404"},
	} {
		text = regexp.MustCompile(rule.pattern).ReplaceAllString(text, rule.with)
	}
	moment := regexp.MustCompile(`20\d\d-\d\d-\d\d[ T][012]\d:[0-5]\d(:[0-5]\d)?|\d+(:\d+)+`)
	text = moment.ReplaceAllStringFunc(text, s.moved)
	return strings.ReplaceAll(text, s.folder, "/home/alice")
}

// moved is a moment in the form in which it was shown.
func (s *stage) moved(text string) string {
	form, moment := momentIn(text)
	if form == "" {
		return text
	}
	since := moment.Sub(s.began)
	if moment.Year() == 0 { // the time of a day
		since = moment.Sub(time.Date(0, 1, 1, s.began.Hour(), s.began.Minute(), s.began.Second(), 0, time.UTC))
	}
	return base().Add(since.Round(10 * time.Minute)).Format(form)
}

// momentIn reads a moment, or a time of a day, in the year 0.
func momentIn(text string) (form string, moment time.Time) {
	for _, form := range []string{"15:04", "15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if moment, err := time.Parse(form, text); err == nil && len(form) == len(text) {
			return form, moment
		}
	}
	return "", moment
}
