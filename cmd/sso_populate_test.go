package cmd

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfile"
)

// A diff has colours on a terminal, unless the person wants none.
func TestDiffColours(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		terminal bool
		environ  []string
		want     bool
	}{
		"a terminal":     {true, []string{"TERM=xterm"}, true},
		"of no kind":     {true, nil, false},
		"no terminal":    {false, nil, false},
		"NO_COLOR":       {true, []string{"TERM=xterm", "NO_COLOR=1"}, false},
		"empty NO_COLOR": {true, []string{"TERM=xterm", "NO_COLOR="}, true},
		"a dumb one":     {true, []string{"TERM=dumb"}, false},
	} {
		f, err := awsfile.Parse("[default]\n")
		if err == nil {
			err = f.Set("default", "region", "x")
		}
		if err != nil {
			t.Fatal(err)
		}
		var out, stderr bytes.Buffer
		a := newApp(Host{Out: &out, Err: &stderr, OutTerminal: c.terminal, ErrTerminal: c.terminal, Environ: c.environ})
		if err := a.showDiff(f); err != nil {
			t.Fatal(err)
		}
		a.announce(f)
		if !strings.Contains(out.String(), "+region = x") || out.String() != stderr.String() {
			t.Errorf("%s: shown %q, announced %q", name, out.String(), stderr.String())
		}
		if got := strings.Contains(out.String(), "\x1b[32m"); got != c.want {
			t.Errorf("%s: colours: %v", name, got)
		}
	}
}

func TestNewSSOSection(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"https://d-abc.awsapps.com/start", "https://d-abc.awsapps.com/start/", "https://d-abc.awsapps.com/start#/", "https://d-abc.awsapps.com/start/#/", "https://ssoins-0123.portal.eu-west-1.app.aws",
	} {
		s, err := newSSOSection(good, "eu-west-1", "corp")
		if err != nil || strings.HasSuffix(s.startURL, "/") || strings.Contains(s.startURL, "#") {
			t.Errorf("%s: %q, %v", good, s.startURL, err)
		}
	}
	const url = "https://d-abc.awsapps.com/start"
	for _, bad := range [][3]string{
		{url, "", "corp"}, {url, "eu-west-1", ""}, {url, "eu_west", "corp"}, {url, "eu-west-1.evil.example", "corp"}, {url, "eu-west-1", "my corp"}, {url, "eu-west-1", "-x"}, {url, "eu-west-1", "a\nb"},
		{"http://d-abc.awsapps.com/start", "eu-west-1", "corp"}, {"https://", "eu-west-1", "corp"}, {"https://x y/", "eu-west-1", "corp"}, {"https://x/#/console", "eu-west-1", "corp"},
		{"https://me@x/start", "eu-west-1", "corp"}, {"https://x/start?a=b", "eu-west-1", "corp"}, {"https://x/\nsso_region = y", "eu-west-1", "corp"}, {"://x", "eu-west-1", "corp"}, {"https://x/%zz", "eu-west-1", "corp"},
	} {
		if s, err := newSSOSection(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%q is taken: %+v", bad, s)
		}
	}
}

// The section is put beside what is there, and never over it.
func TestPutSSOSection(t *testing.T) {
	t.Parallel()
	s := ssoSection{name: "corp", startURL: "https://x/start", region: "eu-west-1"}
	for text, want := range map[string]string{
		"": "[sso-session corp]\nsso_start_url = https://x/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n",
		"[sso-session 'corp']\nsso_start_url=https://x/start/#/\nsso_region = eu-west-1 # ours\nsso_registration_scopes = more\n": "=",
		"[sso-session corp]\nsso_region = eu-west-1\n":      "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://x/start\nsso_registration_scopes = sso:account:access\n",
		"[sso-session corp]\nsso_region = eu-west-2\n":      "",
		"[sso-session corp]\nsso_start_url = https://y/x\n": "",
	} {
		f, err := awsfile.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		switch err := s.put(f); {
		case want == "" && err == nil:
			t.Errorf("%q is overwritten: %q", text, f.Text())
		case want != "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case want == "=" && f.Changed():
			t.Errorf("%q was changed: %q", text, f.Text())
		case len(want) > 1 && f.Text() != want:
			t.Errorf("got %q, want %q", f.Text(), want)
		}
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		done, of int
		want     string
	}{
		{0, 600, "[..............................] 0 of 600"},
		{300, 600, "[###############...............] 300 of 600"},
		{600, 600, "[##############################] 600 of 600"},
		{0, 0, "[..............................] 0 of 0"},
	} {
		if got := barOf(c.done, c.of); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestBarLine(t *testing.T) {
	t.Parallel()
	bar := &progressBar{}
	if got := bar.line(2300 * time.Millisecond); got != "listing accounts … 2s" {
		t.Errorf("before the first answer: %q", got)
	}
	bar.show(1, 4)
	if got := bar.line(0); got != barOf(1, 4) {
		t.Errorf("then: %q", got)
	}
}

func TestFew(t *testing.T) {
	t.Parallel()
	names := strings.Split("a b c d e f g h i j k l", " ")
	for n, want := range map[int]string{1: "a", 10: "a, b, c, d, e, f, g, h, i, j", 11: "a, b, c, d, e, f, g, h, i, j, k", 12: "a, b, c, d, e, f, g, h, i, j and 2 more"} {
		if got := few(names[:n]); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	if got := few([]string{"a\x1b[m"}); strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}
