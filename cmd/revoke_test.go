package cmd

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

func TestShellWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"prod": "prod", "arn:aws:iam::123456789012:role/a+b=c": "arn:aws:iam::123456789012:role/a+b=c",
		"": "''", "my role": "'my role'", "it's": `'it'\''s'`, "$(rm)": "'$(rm)'", "é": "'é'",
	} {
		if got := shellWord(text); got != want {
			t.Errorf("%q became %s, not %s", text, got, want)
		}
	}
}

// What is named again with --undo is what was named first.
func TestAgain(t *testing.T) {
	t.Parallel()
	role := revoke.Subject{ARN: "arn:aws:iam::123456789012:role/a", Name: "a"}
	user := revoke.Subject{ARN: "arn:aws:iam::123456789012:user/u", Name: "u", User: true}
	for want, r := range map[string]*revocation{
		"prod":                           {revokeOptions: &revokeOptions{profile: "prod"}},
		"'my prod' --session-name mary":  {revokeOptions: &revokeOptions{profile: "my prod", which: revoke.Sessions{Name: "mary"}}},
		"p --source-identity c --chain":  {revokeOptions: &revokeOptions{profile: "p", which: revoke.Sessions{SourceIdentity: "c"}, chain: true}},
		"p --using adm --user":           {revokeOptions: &revokeOptions{profile: "p", using: "adm", user: true}},
		role.ARN + " --using adm":        {revokeOptions: &revokeOptions{profile: role.ARN, using: "adm"}, named: role},
		user.ARN + " --using adm":        {revokeOptions: &revokeOptions{profile: user.ARN, using: "adm", user: true}, named: user},
		role.ARN + " --session-name bob": {revokeOptions: &revokeOptions{profile: role.ARN, which: revoke.Sessions{Name: "bob"}}, named: role},
	} {
		if got := r.again(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestOnOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{\n  \"Sid\": \"a  b\",\n\t\"x\": [1, 2]\n}": `{"Sid":"a  b","x":[1,2]}`,
		"no\nJSON\x1b":                  `no\nJSON\x1b`,
		"{\"Sid\":\"\u202eabc\u200b\"}": `{"Sid":"\u202eabc\u200b"}`,
	} {
		if got := onOneLine(text); got != want {
			t.Errorf("%q became %q, not %q", text, got, want)
		}
	}
}

func TestWhoseCredentials(t *testing.T) {
	t.Parallel()
	for want, chain := range map[string]*profile.Chain{
		`profile "base" (static)`:                            {Profile: "base", Source: profile.Source{Kind: profile.Static}},
		`profile "base" (session-token)`:                     {Profile: "base", Calls: []profile.Call{{Kind: profile.SessionToken}}},
		`profile "mid" (arn:aws:iam::123456789012:role/mid)`: {Profile: "mid", Calls: []profile.Call{{Kind: profile.AssumeRole, RoleARN: "arn:aws:iam::123456789012:role/mid"}}},
	} {
		if got := whoseCredentials(chain); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}

// Whatever ends a run, JSON is one document: what was done, and why not all was.
func TestPrintReport(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		failed          error
		json            bool
		out, said, ends string
	}{
		{nil, true, `{"changes":[]}`, "", ""},
		{errors.New("it\nbroke"), true, `{"changes":[],"error":{"message":"it\nbroke"}}`, "assume-role: it broke\n", "status 1"},
		{fault.New("", "stuck").In("p").Fix("push"), true, `{"changes":[],"error":{"message":"stuck: push","profile":"p"}}`, "assume-role: profile \"p\": stuck: push\n", "status 1"},
		{fault.ErrInterrupted, true, `{"changes":[],"error":{"message":"interrupted"}}`, "", "interrupted"},
		{fault.ErrInterrupted, false, "", "", "interrupted"},
		{nil, false, "", "", ""},
	} {
		var out, said strings.Builder
		r := &revocation{app: &app{host: Host{Out: &out, Err: &said}}, revokeOptions: &revokeOptions{json: tc.json}}
		err := r.printReport(revokeReport{Changes: []changeJSON{}}, tc.failed)
		ends := ""
		var status exitStatus
		switch {
		case errors.As(err, &status):
			ends = fmt.Sprintf("status %d", int(status))
		case err != nil:
			ends = err.Error()
		}
		if strings.TrimSuffix(out.String(), "\n") != tc.out || said.String() != tc.said || ends != tc.ends {
			t.Errorf("%v: %s, said %q, ended with %q", tc.failed, &out, &said, ends)
		}
	}
}

// What was dropped in two goes counts together; what stayed is what still does.
func TestDroppedTwice(t *testing.T) {
	t.Parallel()
	early, late := time.Unix(100, 0), time.Unix(200, 0)
	got := dropped{sessions: 2, files: 1, until: late, stayed: []string{"gone since"}}.and(dropped{sessions: 1, until: early, stayed: []string{"still here"}})
	if got.sessions != 3 || got.files != 1 || got.until != late || !slices.Equal(got.stayed, []string{"still here"}) {
		t.Errorf("%+v", got)
	}
	if err := got.problem(); err == nil || !strings.HasSuffix(err.Error(), "is gone: still here: mend that and run: assume-role clear-cache") {
		t.Error(err)
	}
	if err := (dropped{sessions: 1}).problem(); err != nil {
		t.Error(err)
	}
}

// JSON has the latest end of all sessions, and no words that may change.
func TestReportOf(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	outcomeOf := func(name string, longest time.Duration, kept bool) outcome {
		role := revoke.Subject{ARN: "arn:aws:iam::123456789012:role/" + name, Name: name}
		o := outcome{target: &target{subject: role}, change: revoke.Change{Of: role, Before: at, Kept: kept}, longest: longest}
		if kept {
			o.change.Was = at
		}
		return o
	}
	got := reportOf([]outcome{outcomeOf("a", 2*time.Hour, false), outcomeOf("b", time.Hour, true)}, dropped{sessions: 2, files: 1}, true)
	if got.LongestUntil != "2026-11-22T12:00:00Z" || *got.DroppedSessions != 2 || *got.DroppedFiles != 1 || !got.Verified {
		t.Errorf("%+v", got)
	}
	if a, b := got.Changes[0], got.Changes[1]; a.Action != "put" || a.Previous != "" || b.Action != "kept" || b.Previous != "2026-11-22T10:00:00Z" || b.RoleARN != "arn:aws:iam::123456789012:role/b" {
		t.Errorf("%+v", got.Changes)
	}
}
