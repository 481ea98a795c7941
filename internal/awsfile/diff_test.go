package awsfile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestDiff(t *testing.T) {
	t.Parallel()
	f := parsed(t, "# one\n# two\n# three\n# four\n[profile a]\nregion = x\n\n[profile b]\nk = v\n")
	f.Name = "~/.aws/config"
	if got := f.Diff(false); got != "" {
		t.Errorf("nothing changed: %s", got)
	}
	if err := f.Set("profile a", "region", "y"); err != nil {
		t.Fatal(err)
	}
	want := "--- ~/.aws/config\n+++ ~/.aws/config (new)\n@@ -3,6 +3,6 @@\n # three\n # four\n [profile a]\n-region = x\n+region = y\n \n [profile b]\n k = v\n"
	want = strings.Replace(want, "@@ -3,6 +3,6 @@", "@@ -3,7 +3,7 @@", 1)
	if got := f.Diff(false); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	coloured := f.Diff(true)
	for _, part := range []string{"\x1b[31m-region = x\x1b[m\n", "\x1b[32m+region = y\x1b[m\n", "\x1b[36m@@ -3,7 +3,7 @@\x1b[m\n", "\n # three\n"} {
		if !strings.Contains(coloured, part) {
			t.Errorf("%q is not in %q", part, coloured)
		}
	}
}

func TestDiffOfANewFile(t *testing.T) {
	t.Parallel()
	f := parsed(t, "")
	if err := f.Set("default", "k", "v"); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Diff(false), "--- \n+++  (new)\n@@ -0,0 +1,2 @@\n+[default]\n+k = v\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDiffSaysWhereNoLineEnds(t *testing.T) {
	t.Parallel()
	f := parsed(t, "[default]\nk = v")
	if err := f.Set("default", "l", "w"); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Diff(false), "-k = v\n\\ No newline at end of file\n+k = v\n+l = w\n"; !strings.HasSuffix(got, want) {
		t.Errorf("got %q", got)
	}
}

// Secrets are hidden, and a change of one is shown all the same.
func TestDiffHidesSecrets(t *testing.T) {
	t.Parallel()
	f := parsed(t, "[default]\naws_access_key_id = AKIA\nAWS_Secret_Access_Key=canary\n  canary too\n# aws_session_token = canary\n#  ; aws_security_token=canary\n")
	if err := f.Set("default", "aws_secret_access_key", "canary2"); err != nil {
		t.Fatal(err)
	}
	if err := f.Set("default", "aws_session_token", "canary"); err != nil {
		t.Fatal(err)
	}
	got := f.Diff(false)
	if strings.Contains(got, "canary") {
		t.Errorf("a secret is in:\n%s", got)
	}
	for _, line := range []string{"-AWS_Secret_Access_Key= ***", "- ***", "+AWS_Secret_Access_Key= ***", "+aws_session_token = ***", " aws_access_key_id = AKIA"} {
		if !strings.Contains(got, "\n"+line+"\n") {
			t.Errorf("%q is not in\n%s", line, got)
		}
	}
}

func TestDiffIsSafeToPrint(t *testing.T) {
	t.Parallel()
	f := parsed(t, "[default]\n# \x1b]0;x\a\u202e\u200b\u009b\xc2\xa0 é日本\t\r.\n")
	if err := f.Set("default", "k", "v"); err != nil {
		t.Fatal(err)
	}
	if got, want := f.Diff(false), " # \\x1b]0;x\\a\\u202e\\u200b\\u009b\\u00a0 é日本\t\\r.\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// Whatever the texts: the lines that are not new make the old one, those that
// are not gone the new one, and the hunks' numbers are right.
func TestCompareIsComplete(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func() (lines []line) {
		for range random.IntN(30) {
			s := fmt.Sprint(random.IntN(12))
			lines = append(lines, line{s, s})
		}
		return lines
	}
	for range 2000 {
		old, new := text(), text()
		var a, b []line
		for _, c := range compare(old, new) {
			if c.sign != '+' {
				a = append(a, c.line)
			}
			if c.sign != '-' {
				b = append(b, c.line)
			}
		}
		if fmt.Sprint(a) != fmt.Sprint(old) || fmt.Sprint(b) != fmt.Sprint(new) {
			t.Fatalf("%v and %v became %v and %v", old, new, a, b)
		}
	}
}

// A change far from another one has a hunk of its own; near ones share one.
func TestHunks(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 30 {
		fmt.Fprintf(&text, "[profile p%d]\nk = 0\n", i)
	}
	f := parsed(t, text.String())
	for _, i := range []int{2, 4, 20} {
		if err := f.Set(fmt.Sprintf("profile p%d", i), "k", "1"); err != nil {
			t.Fatal(err)
		}
	}
	got := f.Diff(false)
	for _, head := range []string{"@@ -3,11 +3,11 @@", "@@ -39,7 +39,7 @@"} {
		if !strings.Contains(got, head) {
			t.Errorf("%s is not in\n%s", head, got)
		}
	}
	if n := strings.Count(got, "@@ -"); n != 2 {
		t.Errorf("%d hunks", n)
	}
}
