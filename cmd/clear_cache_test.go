package cmd

import (
	"testing"
	"time"
)

func TestForgotten(t *testing.T) {
	t.Parallel()
	at := func(d time.Duration) time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC).Add(d) }
	for name, tc := range map[string]struct {
		ends []time.Time
		skew time.Duration
		want string
	}{
		"nothing":                   {nil, 0, ""},
		"all had expired":           {[]time.Time{at(-time.Hour), at(0)}, 0, ""},
		"the last one counts":       {[]time.Time{at(time.Hour), at(2 * time.Hour), at(-time.Hour)}, 0, "; at AWS they stay valid until 2026-11-01 14:00:00Z"},
		"by AWS's clock it ended":   {[]time.Time{at(time.Hour)}, time.Hour, ""},
		"by AWS's clock it did not": {[]time.Time{at(-time.Hour)}, -2 * time.Hour, "; at AWS they stay valid until 2026-11-01 11:00:00Z"},
		"one is not known":          {[]time.Time{{}}, 0, "; of 1 it is not known until when they stay valid at AWS, but no longer than 36 hours"},
		"local time": {
			[]time.Time{at(time.Hour).In(time.FixedZone("EST", -5*3600))}, 0,
			"; at AWS they stay valid until 2026-11-01 13:00:00Z",
		},
		"known and not": {
			[]time.Time{{}, at(time.Hour)}, 0,
			"; at AWS they stay valid until 2026-11-01 13:00:00Z; of 1 it is not known until when they stay valid at AWS, but no longer than 36 hours",
		},
	} {
		f := &forgotten{now: at(0), longest: longestSession}
		for _, ends := range tc.ends {
			f.add(ends, tc.skew)
		}
		if got := f.valid(); got != tc.want || f.n != len(tc.ends) {
			t.Errorf("%s: %d, %q", name, f.n, got)
		}
	}
}

func TestForgottenNames(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"":                                     {"", ""},
		" (a, b)":                              {"b", "a", "", "b"},
		` (a\x1b[2J)`:                          {"a\x1b[2J"},
		" (a, b, c, d, e, f, g, h and 2 more)": {"j", "i", "h", "g", "f", "e", "d", "c", "b", "a"},
	} {
		f := &forgotten{}
		for _, name := range names {
			f.name(name)
		}
		if got := f.whose(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
