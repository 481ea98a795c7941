package revoke

import (
	"strconv"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// ParseBefore reads what --before was given: a moment in RFC 3339, or how long
// ago it was, as in "2h ago", "1h30m ago" and "3d ago". now is the clock. A
// moment to come is refused: sessions made until then would be worthless from
// the start. Policies have whole seconds: a part of one counts as the whole, so
// that what was issued in it is denied, too.
func ParseBefore(text string, now time.Time) (time.Time, error) {
	moment, ok := parseMoment(strings.TrimSpace(text), now)
	if !ok || moment.Year() < earliest {
		return time.Time{}, badBefore(text).Fix(`write a time with its zone (2026-05-07T23:47:00Z) or how long ago it was ("2h ago")`)
	}
	if moment.After(now) {
		return time.Time{}, badBefore(text).Fix("it is yet to come (it is %s now): leave --before out to mean now", now.UTC().Format(time.RFC3339))
	}
	return roundUp(moment), nil
}

func badBefore(text string) *fault.Error {
	return fault.New(fault.InvalidValue, "--before %q is no time in the past", text)
}

// earliest is before AWS was there, and after most slips of the pen in a year.
const earliest = 2000

func parseMoment(text string, now time.Time) (moment time.Time, ok bool) {
	if ago, relative := strings.CutSuffix(text, "ago"); relative {
		d, ok := parseAgo(strings.TrimSpace(ago))
		return now.Add(-d), ok
	}
	moment, err := time.Parse(time.RFC3339, text)
	return moment, err == nil
}

// longestAgo is in days, and far below what a time.Duration can hold.
const longestAgo = 10_000

// parseAgo reads what time.ParseDuration does, and days.
func parseAgo(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && 0 <= n && n <= longestAgo
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}

// roundUp is the moment in UTC, or the next whole second.
func roundUp(moment time.Time) time.Time {
	whole := moment.UTC().Truncate(time.Second)
	if whole.Before(moment) {
		return whole.Add(time.Second)
	}
	return whole
}
