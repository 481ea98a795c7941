package output

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"assume-role/internal/creds"
)

// hostile are values that have broken some shell's quoting.
func hostile() []string {
	return []string{
		"", " ", "a b  c", "\t", "a\tb", "$(touch PWNED)", "`touch PWNED`", "'; touch PWNED; '", "\"; touch PWNED; \"",
		"*", "?", "[a-z]*", "!(x)", "@(a|b)", "+(a)", "~", "~root", "\\", "\\'", "\\\\'", "a'b\"c", "'", "''", "\"", "!!", "!x", "#x", "$HOME", "${HOME}", "%PATH%", "%i",
		"a&touch PWNED&", "|touch PWNED", ";touch PWNED", "(touch PWNED)", "{a,b}", "{1..3}", "ü☃", "’; touch PWNED; ’", "‘", "‚", "‛", "“", "-n", "-e", "=", "^", "^&", "<x>",
		"$((1+1))", "@{x}", "\x1b[31m", "\a\b\f\v\x7f", "𝄞", "\u2028", "\u0091", "Ă; touch PWNED; Ă", "in", "fi", "\\052", "\\n", "'\\''; touch PWNED; '\\''",
		"a\nb", "a\ntouch PWNED\n", "\n", "a\r\nb", "\r", "a\n\n", "'\ntouch PWNED\n'", "*\n'", "\n*\n", strings.Repeat("x'*", 3000),
	}
}

// one returns a payload of one variable.
func one(value string) Payload {
	return Payload{Set: []creds.Variable{{Name: "AWS_X", Value: creds.Secret(value)}}}
}

func write(t *testing.T, format string, p Payload) (string, error) {
	t.Helper()
	f, ok := Lookup(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	var out bytes.Buffer
	err := f.Write(&out, p)
	return out.String(), err
}

func must(t *testing.T, format string, p Payload) string {
	t.Helper()
	text, err := write(t, format, p)
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return text
}

func TestEveryFormatFileIsListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("format_*.go")
	if err != nil {
		t.Fatal(err)
	}
	var inFolder, listed []string
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "format_"), ".go")
			inFolder = append(inFolder, strings.ReplaceAll(name, "_", "-"))
		}
	}
	for _, f := range Formats() {
		listed = append(listed, f.Name)
	}
	slices.Sort(listed)
	slices.Sort(inFolder)
	if !slices.Equal(listed, inFolder) || len(listed) == 0 {
		t.Errorf("listed %v\nfiles  %v", listed, inFolder)
	}
	if got := Formats()[0].Name; got != "env" {
		t.Errorf("the default is %q", got)
	}
	if _, ok := Lookup("bogus"); ok {
		t.Error("Lookup found a format that is none")
	}
}

// TestContract is what every format has to hold.
func TestContract(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			if f.Description == "" || strings.Contains(f.Description, "\n") {
				t.Errorf("description %q", f.Description)
			}
			writesOnce(t, f)
			refusesWhole(t, f)
			carriesOrRefuses(t, f)
			unsets(t, f)
		})
	}
}

// countingWriter counts the calls of Write.
type countingWriter struct {
	bytes.Buffer
	calls int
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.calls++
	return w.Buffer.Write(p)
}

func session() Payload {
	c := creds.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: "se/cr+et=", SessionToken: "tok/en=="}
	return Payload{
		Set: []creds.Variable{
			{Name: "AWS_ACCESS_KEY_ID", Value: creds.Secret(c.AccessKeyID)},
			{Name: "AWS_SECRET_ACCESS_KEY", Value: c.SecretAccessKey},
			{Name: "AWS_SESSION_TOKEN", Value: c.SessionToken},
		},
		Unset:       []string{"AWS_PROFILE", "AWS_SECURITY_TOKEN"},
		Credentials: c, Profile: "dev", Region: "eu-west-1",
	}
}

func writesOnce(t *testing.T, f Format) {
	t.Helper()
	var w countingWriter
	if err := f.Write(&w, session()); err != nil {
		t.Fatal(err)
	}
	if w.calls != 1 {
		t.Errorf("%d writes", w.calls)
	}
	for _, secret := range []string{"ASIAEXAMPLE", "se/cr+et=", "tok/en=="} {
		if !strings.Contains(w.String(), secret) {
			t.Errorf("%q is not in the output:\n%s", secret, w.String())
		}
	}
	if !strings.HasSuffix(w.String(), "\n") {
		t.Error("no line break at the end")
	}
}

// refusesWhole: nothing is written where the last value cannot be.
func refusesWhole(t *testing.T, f Format) {
	t.Helper()
	const canary = "canary\x00\xff"
	p := session()
	p.Set = append(p.Set, creds.Variable{Name: "AWS_LAST", Value: canary})
	p.Credentials.SessionToken = canary
	var w countingWriter
	err := f.Write(&w, p)
	var refused *Unrepresentable
	if !errors.As(err, &refused) || refused.Format != f.Name || refused.Name == "" {
		t.Fatalf("error %v", err)
	}
	if w.calls != 0 || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "\n") {
		t.Errorf("%d writes, error %q", w.calls, err)
	}
}

// carriesOrRefuses: a format is read back as its reader reads it, in
// TestHostileValues; here, that no hostile value fails in another way.
func carriesOrRefuses(t *testing.T, f Format) {
	t.Helper()
	for _, v := range hostile() {
		text, err := write(t, f.Name, one(v))
		var refused *Unrepresentable
		if err != nil && !errors.As(err, &refused) {
			t.Errorf("%q: %v", v, err)
		}
		if err != nil && text != "" {
			t.Errorf("%q: refused, and wrote %q", v, text)
		}
	}
}

func unsets(t *testing.T, f Format) {
	t.Helper()
	text := must(t, f.Name, session())
	if got := strings.Contains(text, "AWS_SECURITY_TOKEN"); got != f.Evaluated {
		t.Errorf("Evaluated %v, unsets %v", f.Evaluated, got)
	}
	if !f.Evaluated {
		return
	}
	only := must(t, f.Name, Payload{Unset: []string{"AWS_A", "AWS_B"}})
	for _, name := range []string{"AWS_A", "AWS_B"} {
		if strings.Count(only, name) != 1 {
			t.Errorf("%s is not there once:\n%s", name, only)
		}
	}
	if text := must(t, f.Name, Payload{}); text != "" {
		t.Errorf("nothing to say, said %q", text)
	}
	for _, bad := range []string{"", "A B", "A;touch PWNED", "1A", "A=", "A\n", "É", "$A", "A-B"} {
		if _, err := write(t, f.Name, Payload{Unset: []string{bad}}); err == nil {
			t.Errorf("unset %q was written", bad)
		}
		if _, err := write(t, f.Name, Payload{Set: []creds.Variable{{Name: bad, Value: "x"}}}); err == nil {
			t.Errorf("set %q was written", bad)
		}
	}
}

// TestText holds the text of each format, so that a change of it is seen.
func TestText(t *testing.T) {
	t.Parallel()
	p := Payload{
		Set:         []creds.Variable{{Name: "AWS_A", Value: "x y"}, {Name: "AWS_B", Value: "it's"}},
		Unset:       []string{"AWS_C", "AWS_D"},
		Credentials: creds.Credentials{AccessKeyID: "AKIAEXAMPLE", SecretAccessKey: "s"},
		Profile:     "dev",
	}
	want := map[string]string{
		"env":           "unset AWS_C AWS_D;\nexport AWS_A='x y';\nexport AWS_B='it'\"'\"'s';\n",
		"env-no-export": "unset AWS_C AWS_D;\nAWS_A='x y';\nAWS_B='it'\"'\"'s';\n",
		"fish":          "set -e AWS_C AWS_D; or true;\nset -gx AWS_A 'x y';\nset -gx AWS_B 'it\\'s';\n",
		"powershell":    "$Env:AWS_C = $null\n$Env:AWS_D = $null\n$Env:AWS_A = 'x y'\n$Env:AWS_B = 'it''s'\n",
		"windows-cmd":   "set \"AWS_C=\"\r\nset \"AWS_D=\"\r\nset \"AWS_A=x y\"\r\nset \"AWS_B=it's\"\r\n",
		"nushell":       "hide-env -i AWS_C AWS_D\n$env.AWS_A = 'x y'\n$env.AWS_B = \"it's\"\n",
		"dotenv":        "AWS_A=x y\nAWS_B=it's\n",
		"json":          "{\n  \"AWS_A\": \"x y\",\n  \"AWS_B\": \"it's\"\n}\n",
		"process":       "{\n  \"Version\": 1,\n  \"AccessKeyId\": \"AKIAEXAMPLE\",\n  \"SecretAccessKey\": \"s\"\n}\n",
		"ini":           "[dev]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = s\n",
	}
	for _, f := range Formats() {
		if got := must(t, f.Name, p); got != want[f.Name] {
			t.Errorf("%s: got\n%s\nwant\n%s", f.Name, got, want[f.Name])
		}
	}
}

// failingWriter stands for a closed pipe.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestWriteError(t *testing.T) {
	t.Parallel()
	if err := Formats()[0].Write(failingWriter{}, session()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error %v", err)
	}
}
