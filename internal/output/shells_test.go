package output

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// realShell is a shell to evaluate output with, without its start-up files.
type realShell struct {
	argv   []string
	format string
	// quoted and unquoted evaluate the file named by $OUT.
	quoted, unquoted string
}

const (
	evalQuoted   = `eval "$(cat "$OUT")"; `
	evalUnquoted = `eval $(cat "$OUT"); `
)

func realShells() map[string]realShell {
	return map[string]realShell{
		"bash":    {[]string{"bash", "--norc", "--noprofile", "-c"}, "env", evalQuoted, evalUnquoted},
		"extglob": {[]string{"bash", "--norc", "--noprofile", "-O", "extglob", "-O", "nullglob", "-c"}, "env", evalQuoted, evalUnquoted},
		"zsh":     {[]string{"zsh", "-f", "-c"}, "env", evalQuoted, evalUnquoted},
		"shlike":  {[]string{"zsh", "--emulate", "sh", "-f", "-c"}, "env", evalQuoted, evalUnquoted},
		"dash":    {[]string{"dash", "-c"}, "env", evalQuoted, evalUnquoted},
		"ksh":     {[]string{"ksh", "-c"}, "env", evalQuoted, evalUnquoted},
		"ash":     {[]string{"busybox", "ash", "-c"}, "env", evalQuoted, evalUnquoted},
		"fish":    {[]string{"fish", "--no-config", "-c"}, "fish", `source "$OUT"; `, `eval (cat "$OUT"); `},
	}
}

// installed skips the test, by name, where the shell is not there.
func (s realShell) installed(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath(s.argv[0]); err != nil {
		t.Skipf("%s is not installed", s.argv[0])
	}
}

// run evaluates output in a folder and returns the environment it leaves.
func (s realShell) run(t testing.TB, dir, eval, output string) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(file, []byte(output), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.argv[0], append(s.argv[1:len(s.argv):len(s.argv)], eval+"exec env -0")...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "OUT=" + file, "LC_ALL=C.UTF-8", "AWS_PROFILE=stale", "AWS_SECURITY_TOKEN=stale"}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v: %v\n%s", s.argv, err, errs.String())
	}
	env := map[string]string{}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		if name, value, ok := strings.Cut(entry, "="); ok {
			env[name] = value
		}
	}
	return env
}

// many returns a payload of one variable for each value.
func many(values []string) Payload {
	p := Payload{Unset: []string{"AWS_PROFILE", "AWS_SECURITY_TOKEN"}}
	for i, v := range values {
		p.Set = append(p.Set, creds.Variable{Name: fmt.Sprintf("AWS_X%d", i), Value: creds.Secret(v)})
	}
	return p
}

// fold is what white space may become in an unquoted eval.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

func notRun(t testing.TB, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "PWNED")); err == nil {
		t.Error("a value was run as code")
	}
}

func TestHostileValuesInRealShells(t *testing.T) {
	t.Parallel()
	for name, shell := range realShells() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell.installed(t)
			shell.roundTrip(t, append(hostile(), "\xff\xfe", "\xe2\x80"))
		})
	}
}

// roundTrip holds that values come out exactly, in the unquoted form but for
// white space, and are never run.
func (s realShell) roundTrip(t testing.TB, values []string) {
	t.Helper()
	p := many(values)
	f, _ := Lookup(s.format)
	var text bytes.Buffer
	if err := f.Write(&text, p); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, eval := range []string{s.quoted, s.unquoted} {
		env := s.run(t, dir, eval, text.String())
		notRun(t, dir)
		for i, want := range values {
			got, set := env[fmt.Sprintf("AWS_X%d", i)]
			if eval == s.unquoted {
				got, want = fold(got), fold(want)
			}
			if !set || got != want {
				t.Errorf("%s: %.80q became %.80q (set: %v)", eval, want, got, set)
			}
		}
		if env["AWS_PROFILE"] != "" || env["AWS_SECURITY_TOKEN"] != "" {
			t.Errorf("%s: what was to be unset is still there", eval)
		}
	}
}

// TestHostileFolder has files whose names, put in the place of a field that
// matches them, would be commands.
func TestHostileFolder(t *testing.T) {
	t.Parallel()
	for name, shell := range realShells() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell.installed(t)
			dir := t.TempDir()
			values := []string{"a*b", "a?b", "a[;]b", "!(x)", `\'`, `'\''`, "*", "x'*'y"}
			for i := range values {
				for _, file := range []string{"'a';touch PWNED;'b';", "'a;b';", "'';touch PWNED;'';", "''';touch PWNED;'''", "'x';touch PWNED;'y';", "'a';touch PWNED;''"} {
					hostileFile(t, dir, fmt.Sprintf("AWS_X%d=%s", i, file))
				}
			}
			f, _ := Lookup(shell.format)
			var text bytes.Buffer
			if err := f.Write(&text, many(values)); err != nil {
				t.Fatal(err)
			}
			env := shell.run(t, dir, shell.unquoted, text.String())
			notRun(t, dir)
			for i, want := range values {
				if got := env[fmt.Sprintf("AWS_X%d", i)]; got != want {
					t.Errorf("%q became %q", want, got)
				}
			}
		})
	}
}

func hostileFile(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestStrictShells: the output must not end a script that ends at the first
// failure or unset variable, and must not need a normal IFS.
func TestStrictShells(t *testing.T) {
	t.Parallel()
	for name, shell := range realShells() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell.installed(t)
			if shell.format != "env" {
				t.Skip("set -eu and IFS are sh's")
			}
			p := many([]string{"a*'b", "x y"})
			p.Unset = append(p.Unset, "AWS_NEVER_SET")
			env := shell.run(t, t.TempDir(), "set -eu; "+shell.unquoted, must(t, "env", p))
			if env["AWS_X0"] != "a*'b" || env["AWS_X1"] != "x y" {
				t.Errorf("set -eu: %q", env)
			}
			dir := t.TempDir()
			shell.run(t, dir, "IFS=:,-; "+shell.unquoted, must(t, "env", many([]string{"a:;touch PWNED", "',touch PWNED,'"})))
			notRun(t, dir)
		})
	}
}

func TestUnsetOnlyInRealShells(t *testing.T) {
	t.Parallel()
	for name, shell := range realShells() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell.installed(t)
			text := must(t, shell.format, Payload{Unset: []string{"AWS_NEVER_SET", "AWS_PROFILE"}})
			for _, eval := range []string{shell.quoted, shell.unquoted} {
				env := shell.run(t, t.TempDir(), eval, text)
				if _, still := env["AWS_PROFILE"]; still || env["AWS_SECURITY_TOKEN"] != "stale" {
					t.Errorf("%s left %q", eval, env)
				}
			}
		})
	}
}

func TestNoExportInRealShells(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bash", "zsh", "dash", "ksh", "ash"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shell := realShells()[name]
			shell.installed(t)
			text := must(t, "env-no-export", many([]string{"a b", "c"}))
			env := shell.run(t, t.TempDir(), evalQuoted+`export AWS_SEEN="$AWS_X0"; `, text)
			if _, exported := env["AWS_X1"]; exported || env["AWS_SEEN"] != "a b" {
				t.Errorf("%q", env)
			}
		})
	}
}

// FuzzShells gives values, joined by NUL, to every shell that is installed.
func FuzzShells(f *testing.F) {
	f.Add(strings.Join(hostile(), "\x00"))
	shells := map[string]realShell{}
	for name, s := range realShells() {
		if _, err := exec.LookPath(s.argv[0]); err == nil {
			shells[name] = s
		}
	}
	f.Fuzz(func(t *testing.T, joined string) {
		if len(joined) > 50_000 {
			t.Skip("larger than an environment may be")
		}
		var values []string
		for v := range strings.SplitSeq(joined, "\x00") {
			values = append(values, v, "'"+v+";touch PWNED;'")
		}
		for _, s := range shells {
			s.roundTrip(t, values)
		}
	})
}
