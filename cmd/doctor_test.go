package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// TestTraps sets the variables that make programs disagree, one trap a case,
// and those that are in order.
func TestTraps(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct{ environ, words string }{
		{"", ""},
		{"AWS_PROFILE=a AWS_ACCESS_KEY_ID=AKIA AWS_SECRET_ACCESS_KEY=s3cr3t", "AWS_PROFILE and AWS_ACCESS_KEY_ID"},
		{"ASSUME_ROLE_PROFILE=a AWS_PROFILE=a AWS_ACCESS_KEY_ID=AKIA AWS_SECRET_ACCESS_KEY=s3cr3t", ""},
		{"AWS_PROFILE=a AWS_DEFAULT_PROFILE=b", "two profiles"},
		{"AWS_PROFILE=a AWS_DEFAULT_PROFILE=a", ""},
		{"AWS_REGION=a AWS_DEFAULT_REGION=b", "two regions"},
		{"AWS_ACCESS_KEY_ID=AKIA", "one without the other"},
		{"AWS_SECRET_ACCESS_KEY=s3cr3t", "one without the other"},
		{"AWS_SECURITY_TOKEN=s3cr3t", "AWS_SECURITY_TOKEN"},
		{"AWS_ACCESS_KEY_ID=ASIA AWS_SECRET_ACCESS_KEY=s3cr3t AWS_SESSION_TOKEN=s3cr3t AWS_SECURITY_TOKEN=s3cr3t", ""},
		{"AWS_SESSION_TOKEN=s3cr3t", "without a key"},
		{"AWS_ACCESS_KEY_ID=ASIA AWS_SECRET_ACCESS_KEY=s3cr3t AWS_CREDENTIAL_EXPIRATION=2026-11-22T11:59:59Z", "expired"},
		{"AWS_ACCESS_KEY_ID=ASIA AWS_SECRET_ACCESS_KEY=s3cr3t AWS_CREDENTIAL_EXPIRATION=2026-11-22T12:00:01Z", ""},
		{"AWS_ROLE_ARN=a AWS_IAM_ROLE_ARN=b", "two roles"},
		{"JAVA_TOOL_OPTIONS=-Daws.roleArn=arn:x", "Java"},
		{"_JAVA_OPTIONS=-Xmx1g", ""},
	} {
		host := Host{Environ: strings.Fields(tc.environ), Now: func() time.Time { return now }}
		found := (&examination{app: unconfigured(host)}).environment(t.Context())
		switch {
		case len(found) != 1:
			t.Errorf("%q: %d findings: %+v", tc.environ, len(found), found)
		case tc.words == "" && found[0].Level != levelOK,
			tc.words != "" && (found[0].Level != levelWarning || found[0].Fix == "" || !strings.Contains(found[0].Message, tc.words)):
			t.Errorf("%q: %+v", tc.environ, found[0])
		case strings.Contains(fmt.Sprint(found), "s3cr3t"):
			t.Errorf("%q: a secret is shown: %+v", tc.environ, found)
		}
	}
}

// unconfigured is an app whose AWS files cannot be read.
func unconfigured(host Host) *app {
	return &app{host: host, config: func() (*profile.Config, error) { return nil, errors.New("unreadable") }}
}

// TestEveryTrapIsSprung counts, so that no new trap goes without a case.
func TestEveryTrapIsSprung(t *testing.T) {
	t.Parallel()
	if n := len(traps()); n != 9 {
		t.Errorf("%d traps: TestTraps has a case for each of 9", n)
	}
}

func TestExamine(t *testing.T) {
	t.Parallel()
	say := func(text string) func(*examination, context.Context) []finding {
		return func(*examination, context.Context) []finding {
			return []finding{fine("%s", text), warning("mend it", "also %s", text)}
		}
	}
	hangs := func(*examination, context.Context) []finding { select {} }
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	found, err := examine(ctx, &examination{}, []check{{"hangs", hangs}})
	if err != nil || len(found) != 1 || found[0].Check != "hangs" || found[0].Level != levelWarning {
		t.Errorf("a check that does not end: %+v, %v", found, err)
	}
	found, err = examine(t.Context(), &examination{}, []check{{"one", say("a")}, {"two", say("b")}})
	want := []finding{
		{"one", levelOK, "a", ""}, {"one", levelWarning, "also a", "mend it"}, {"two", levelOK, "b", ""}, {"two", levelWarning, "also b", "mend it"},
	}
	if err != nil || fmt.Sprint(found) != fmt.Sprint(want) {
		t.Errorf("got  %+v, %v\nwant %+v", found, err, want)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := examine(stopped, &examination{}, []check{{"hangs", hangs}}); !errors.Is(err, fault.ErrInterrupted) {
		t.Errorf("Ctrl-C: %v", err)
	}
}

func TestFailing(t *testing.T) {
	t.Parallel()
	err := fault.New(fault.InvalidValue, "x is bad").In("p").At(fault.Origin{Path: "~/.aws/config", Line: 3}).Fix("mend x")
	want := finding{Level: levelError, Message: `profile "p": x is bad (~/.aws/config:3)`, Fix: "mend x"}
	if got := failing(err); got != want {
		t.Errorf("got %+v", got)
	}
	if got := failing(errors.New("x")); got != (finding{Level: levelError, Message: "x"}) {
		t.Errorf("got %+v", got)
	}
	if err.Hint == "" {
		t.Error("the error itself was changed")
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	for n, last := range map[int]string{shownOf: fmt.Sprint(shownOf - 1), shownOf + 1: "and 1 thing like these", 10_000: "and 9980 things like these"} {
		var all []finding
		for i := range n {
			all = append(all, warning("f", "%d", i))
		}
		got := bounded(all, "thing")
		if end := got[len(got)-1]; len(got) > shownOf+1 || end.Message != last || end.Level != levelWarning {
			t.Errorf("%d findings: %d shown, the last %+v", n, len(got), end)
		}
	}
}

func TestPrintFindings(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := printFindings(&out, []finding{{"key-store", levelOK, "a\nb", ""}, {"sts", levelWarning, "no\x1b[31m", "do\x07"}}, screen{person: true})
	want := "ok       key-store  a b\nwarning  sts        no\\x1b[31m\n                    -> do\\x07\n"
	if err != nil || out.String() != want {
		t.Errorf("%v\n%s\nwant\n%s", err, &out, want)
	}
}

// TestPrintFindingsOnANarrowScreen: words stay whole, and below each other;
// advice stays whole.
func TestPrintFindingsOnANarrowScreen(t *testing.T) {
	t.Parallel()
	found := []finding{{"sts", levelOK, "one two three four five six seven", "assume-role import base --a-long-flag"}}
	for columns, want := range map[int]string{
		0:  "ok  sts  one two three four five six seven\n         -> assume-role import base --a-long-flag\n",
		20: "ok  sts  one two three four five six seven\n         -> assume-role import base --a-long-flag\n",
		33: "ok  sts  one two three four five\n         six seven\n         -> assume-role import base --a-long-flag\n",
	} {
		var out strings.Builder
		if err := printFindings(&out, found, screen{person: true, columns: columns}); err != nil || out.String() != want {
			t.Errorf("%d columns: %v\n%s\nwant\n%s", columns, err, &out, want)
		}
	}
}

func TestFilled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":         {""},
		"a bb ccc": {"a bb", "ccc"},
		"longer a": {"longer", "a"},
		"漢字 bb":    {"漢字", "bb"},
		"a b":      {"a b"},
	} {
		if diff := cmp.Diff(want, filled(text, 5)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}
