package cmd

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/cache"
	"assume-role/internal/exec"
	"assume-role/internal/terminal"
)

// noon is a day's middle wherever the tests run, give or take.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)

// statusAt is what a host with that environment and that index says.
func statusAt(environ []string, sessions ...cache.Session) statusNow {
	a := newApp(Host{Now: func() time.Time { return noon }, Environ: environ})
	a.known = func() cache.Contents { return cache.Contents{Sessions: sessions} }
	return a.statusNow()
}

func jsonOf(t *testing.T, s statusNow) string {
	t.Helper()
	var out bytes.Buffer
	a := newApp(Host{Out: &out})
	if err := a.printJSON(s.json()); err != nil {
		t.Fatal(err)
	}
	if !json.Valid(out.Bytes()) {
		t.Errorf("no JSON: %s", out.Bytes())
	}
	return strings.TrimSpace(out.String())
}

func textOf(t *testing.T, s statusNow) string {
	t.Helper()
	var out strings.Builder
	if err := s.print(&out, screen{person: true}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func ending(after time.Duration) time.Time { return noon.Add(after).UTC() }

func TestStatusText(t *testing.T) {
	t.Parallel()
	inside := []string{
		"ASSUME_ROLE_PROFILE=prod", "AWS_ACCESS_KEY_ID=ASIA1", "AWS_SESSION_TOKEN=t", "AWS_ACCOUNT_ID=123456789012",
		"AWS_CREDENTIAL_EXPIRATION=" + ending(42*time.Minute+30*time.Second).Format(time.RFC3339),
	}
	got := textOf(t, statusAt(inside,
		cache.Session{Key: "1", Profile: "prod", Kind: "assume-role", RoleARN: "arn:aws:iam::123456789012:role/deploy", Expires: ending(42*time.Minute + 30*time.Second)},
		cache.Session{Key: "2", Profile: "gone", Kind: "assume-role", Expires: ending(0)},
		cache.Session{Key: "3", Profile: "base", Kind: "session-token", Expires: ending(20 * time.Hour)},
		cache.Session{Key: "4", Profile: "soon", Kind: "assume-role", Expires: ending(59 * time.Second)},
	))
	want := `this shell: prod, account 123456789012, access key ASIA1: 42m left, until 12:42

PROFILE  KIND           ROLE                                   LEFT  UNTIL
base     session-token  -                                      20h   2026-11-23 08:00
prod     assume-role    arn:aws:iam::123456789012:role/deploy  42m   12:42
soon     assume-role    -                                      59s   12:00
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The clock on this machine may be wrong: what is left is judged by AWS's, and
// the time of day is the one that this clock will show then.
func TestStatusKnowsTheDifferenceOfTheClocks(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{10 * time.Hour, -10 * time.Hour, 0} {
		ends := ending(30 * time.Minute).Add(skew)
		inside := []string{"ASSUME_ROLE_PROFILE=p", "AWS_ACCESS_KEY_ID=A", "AWS_CREDENTIAL_EXPIRATION=" + ends.Format(time.RFC3339)}
		s := statusAt(inside,
			cache.Session{Key: "1", Profile: "p", Kind: "assume-role", Expires: ends, Skew: skew},
			cache.Session{Key: "2", Profile: "dead", Kind: "assume-role", Expires: ending(0).Add(skew), Skew: skew})
		if got := textOf(t, s); strings.Count(got, "12:30") != 2 || strings.Count(got, "30m") != 2 || strings.Contains(got, "dead") {
			t.Errorf("%s: %s", skew, got)
		}
		if got := jsonOf(t, s); strings.Count(got, `"seconds_left":1800`) != 2 || strings.Count(got, ends.Format(time.RFC3339)) != 2 {
			t.Errorf("%s: %s", skew, got)
		}
	}
}

func TestStatusIsSorted(t *testing.T) {
	t.Parallel()
	sorted := []cache.Session{
		{Profile: "a", Kind: "assume-role", RoleARN: "x", Expires: ending(time.Hour), Key: "1"},
		{Profile: "a", Kind: "assume-role", RoleARN: "x", Expires: ending(time.Hour), Key: "2"},
		{Profile: "a", Kind: "assume-role", RoleARN: "x", Expires: ending(2 * time.Hour), Key: "0"},
		{Profile: "a", Kind: "assume-role", RoleARN: "y", Expires: ending(time.Minute), Key: "3"},
		{Profile: "a", Kind: "session-token", Expires: ending(time.Minute), Key: "4"},
		{Profile: "b", Kind: "assume-role", Expires: ending(time.Minute), Key: "5"},
	}
	for i := range sorted {
		turned := append(append([]cache.Session{}, sorted[i:]...), sorted[:i]...)
		if diff := cmp.Diff(sorted, statusAt(nil, turned...).sessions); diff != "" {
			t.Errorf("turned by %d: %s", i, diff)
		}
	}
}

func TestStatusOfOddShells(t *testing.T) {
	t.Parallel()
	past := ending(-3*time.Minute - 20*time.Second)
	for name, tc := range map[string]struct {
		inside     exec.Inside
		line, json string
	}{
		"expired": {
			exec.Inside{Profile: "p", AccessKeyID: "A", Temporary: true, Expires: past}, "p, access key A: expired 3m ago",
			`{"profile":"p","access_key_id":"A","expires":"` + past.Format(time.RFC3339) + `","seconds_left":0}`,
		},
		"long-lived keys": {
			exec.Inside{Profile: "p", AccessKeyID: "AKIA"}, "p, access key AKIA: long-lived keys, which do not expire",
			`{"profile":"p","access_key_id":"AKIA"}`,
		},
		"no time":  {exec.Inside{Profile: "p", AccessKeyID: "A", Temporary: true}, "p, access key A: no expiry is known", `{"profile":"p","access_key_id":"A"}`},
		"no keys":  {exec.Inside{Profile: "p", Expires: past}, "p: its credentials are not in the environment", ""},
		"hostile":  {exec.Inside{Profile: "p\x1b[2J\u202e", AccountID: "\r1", AccessKeyID: "A"}, "", ""},
		"far away": {exec.Inside{Profile: "p", AccessKeyID: "A", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, "", ""},
	} {
		s := statusNow{now: noon, shell: &shellSession{Inside: tc.inside}}
		if got := s.shell.line(s.now, terminal.Palette{}); tc.line != "" && got != tc.line || strings.ContainsAny(got, "\x1b\r\u202e") {
			t.Errorf("%s: %q", name, got)
		}
		if got := jsonOf(t, s); tc.json != "" && got != `{"current":`+tc.json+`,"sessions":[]}` || strings.ContainsAny(got, "\x1b\r\u202e") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// An index that somebody else wrote must not make status fail or obey.
func TestStatusOfAForeignIndex(t *testing.T) {
	t.Parallel()
	s := statusAt(nil,
		cache.Session{Profile: "a\x1b]0;x\a\nb", Kind: "\u200bk", RoleARN: "\x9b1m", Expires: ending(time.Hour)},
		cache.Session{Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.FixedZone("", -12*3600))},
		cache.Session{Skew: 1<<63 - 1, Expires: ending(time.Hour)}, cache.Session{Skew: -1 << 63, Expires: ending(time.Hour)})
	hostile := func(text string) bool {
		return strings.ContainsAny(text, "\x1b\a\u200b") || strings.Contains(text, "\x9b")
	}
	if got := textOf(t, s); hostile(got) || strings.Count(got, "\n") != len(s.sessions)+1 {
		t.Errorf("%q", got)
	}
	if got := jsonOf(t, s); hostile(got) {
		t.Errorf("%q", got)
	}
}
