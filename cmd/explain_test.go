package cmd

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// TestTreeFitsATerminal: words go on below their first line, and nothing that
// is not ours moves the cursor.
func TestTreeFitsATerminal(t *testing.T) {
	t.Parallel()
	long := "arn:aws:iam::123456789012:role/" + strings.Repeat("x", 60)
	at := fault.Origin{File: "config", Path: "~/.aws/conf\x1big", Line: 7}
	e := &explanation{
		chain: &profile.Chain{Profile: "evil\x1b[2J\u202e", Region: "eu-west-1"},
		how:   "AWS_PROFILE", address: "https://sts.amazonaws.com",
		steps: []shownStep{
			{kind: profile.Static, profile: "a b", settings: []shownSetting{{name: "role_arn", text: long, origin: at}}},
			{kind: profile.AssumeRole, settings: []shownSetting{{name: "policy", text: strings.Repeat("word ", 40)}, {name: "external_id", text: "a\nb"}}},
		},
		warnings: []profile.Lint{{Origin: at, Message: strings.Repeat("other programs ", 10), Fix: "remove it"}},
	}
	var out strings.Builder
	if err := e.print(&out, screen{}); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > treeWidth && !strings.Contains(line, long) {
			t.Errorf("%d columns: %q", n, line)
		}
		if strings.ContainsAny(line, "\x1b\u202e") || strings.HasSuffix(line, " ") {
			t.Errorf("%q", line)
		}
	}
	for _, want := range []string{"evil", `a\nb`, `(~/.aws/conf\x1big:7)`, "remove it"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not in\n%s", want, out.String())
		}
	}
}

// TestDurationReasons: who asked for how long, and what AWS makes of it.
func TestDurationReasons(t *testing.T) {
	t.Parallel()
	at := fault.Origin{File: "config", Line: 3}
	inProfile := map[string]fault.Origin{"duration_seconds": at}
	for want, tc := range map[string]struct {
		settings Settings
		call     profile.Call
	}{
		"1h, by the default":                    {Settings{RoleDuration: time.Hour}, profile.Call{Kind: profile.AssumeRole, Duration: time.Hour}},
		"8h, by the default":                    {Settings{TokenDuration: 8 * time.Hour}, profile.Call{Kind: profile.SessionToken, Duration: 8 * time.Hour}},
		"30m, by session.role_duration":         {Settings{RoleDuration: 30 * time.Minute}, profile.Call{Kind: profile.AssumeRole, Duration: 30 * time.Minute}},
		"12h, by session.token_duration":        {Settings{TokenDuration: 12 * time.Hour}, profile.Call{Kind: profile.FederationToken, Duration: 12 * time.Hour}},
		"2h, by --duration":                     {Settings{}, profile.Call{Kind: profile.AssumeRole, Duration: 2 * time.Hour, DurationGiven: true, Settings: inProfile}},
		"1h30m, by duration_seconds (config:3)": {Settings{}, profile.Call{Kind: profile.AssumeRole, Duration: 90 * time.Minute, Settings: inProfile}},
		"1h: role chaining, AWS gives no more (session.role_duration asks for 4h)": {
			Settings{RoleDuration: 4 * time.Hour}, profile.Call{Kind: profile.AssumeRole, Chained: true, Duration: time.Hour}},
	} {
		e := &explainer{chain: &profile.Chain{}, settings: tc.settings}
		if got := e.duration(tc.call).text(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// TestStandardDurations: every name that explain asks for is a setting.
func TestStandardDurations(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]time.Duration{"session.role_duration": time.Hour, "session.token_duration": 8 * time.Hour, "none": 0} {
		if got := standardDuration(name); got != want {
			t.Errorf("%s is %s", name, got)
		}
	}
}

func TestShortLeft(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		59*time.Second + 400*time.Millisecond: "59s",
		90 * time.Second:                      "1m",
		3*time.Hour + 59*time.Second:          "3h",
		3*time.Hour + 20*time.Minute:          "3h20m",
	} {
		if got := shortLeft(d); got != want {
			t.Errorf("%s is %s, not %s", d, got, want)
		}
	}
}
