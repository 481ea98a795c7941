package completion

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		candidates []string
		describe   bool
	}{
		{"none", ":4\n", nil, true},
		{"plain", "a\nb c\n:4\n", []string{"a", "b c"}, true},
		{"described", "a\tb, c\n:4\n", []string{"a\tb,  c\n"}, true},
		{"not described", "a\n:4\n", []string{"a\tb"}, false},
		{"a description that a terminal obeys", "a\t\\x1b[31mred\\x07\n:4\n", []string{"a\t\x1b[31mred\x07"}, true},
		{"names that a terminal obeys or hides", "ünï\n:4\n", []string{"\x1b[31m", "a\nb", "a\u202eb", "a\u200bb", "\x9b", "", "\tx", "ünï"}, true},
		{"a long description", "a\t" + strings.Repeat("ü", longest-1) + "…\n:4\n", []string{"a\t" + strings.Repeat("ü", 200)}, true},
		{"more than one tab", "a\tb c\n:4\n", []string{"a\tb\tc"}, true},
	} {
		var out strings.Builder
		if err := Write(&out, c.candidates, 4, c.describe); err != nil || out.String() != c.want {
			t.Errorf("%s: %q, not %q (%v)", c.name, out.String(), c.want, err)
		}
	}
}

func TestShells(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(Names()) {
		t.Errorf("not sorted: %v", Names())
	}
	for _, shell := range Shells() {
		if script, ok := Script(shell.Name); !ok || script != shell.Script {
			t.Errorf("%s has no script", shell.Name)
		}
	}
	if _, ok := Script("tcsh"); ok {
		t.Error("tcsh has a script")
	}
}

// TestScriptsEvaluateNothing: no word that makes a shell run a text.
func TestScriptsEvaluateNothing(t *testing.T) {
	t.Parallel()
	for _, shell := range Shells() {
		for number, line := range strings.Split(shell.Script, "\n") {
			line, _, _ = strings.Cut(line, "# ")
			for _, word := range []string{"eval ", "Invoke-Expression", "iex ", "source ", "${(e)", "compgen -W"} {
				if strings.Contains(line, word) {
					t.Errorf("%s, line %d has %q", shell.Name, number+1, word)
				}
			}
			if strings.ContainsFunc(line, func(r rune) bool { return r > '~' && r != '…' }) {
				t.Errorf("%s, line %d: not ASCII, which PowerShell 5 would not read", shell.Name, number+1)
			}
		}
	}
}

// TestScriptsParse lets the shells themselves check the form.
func TestScriptsParse(t *testing.T) {
	t.Parallel()
	for name, words := range map[string][]string{
		"bash": {"bash", "--norc", "-n"}, "zsh": {"zsh", "-f", "-n"}, "fish": {"fish", "--no-config", "-n"},
		"powershell": {"pwsh", "-NoProfile", "-File"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(words[0]); err != nil {
				t.Skipf("this machine has no %s", words[0])
			}
			script, _ := Script(name)
			path := filepath.Join(t.TempDir(), "script.ps1")
			if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(words[0], append(slices.Clone(words[1:]), path)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// TestPowerShellBrackets: the one script that no shell may be here to parse.
func TestPowerShellBrackets(t *testing.T) {
	t.Parallel()
	script, _ := Script("powershell")
	closing := map[rune]rune{')': '(', ']': '[', '}': '{'}
	var open []rune
	quote := rune(0)
	for line := range strings.Lines(script) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, r := range line {
			switch {
			case quote != 0:
				if r == quote {
					quote = 0
				}
			case r == '\'' || r == '"':
				quote = r
			case strings.ContainsRune("([{", r):
				open = append(open, r)
			case closing[r] != 0:
				if len(open) == 0 || open[len(open)-1] != closing[r] {
					t.Fatalf("%q closes what is not open: %s", r, line)
				}
				open = open[:len(open)-1]
			}
		}
	}
	if len(open) > 0 || quote != 0 {
		t.Errorf("left open: %q %q", open, quote)
	}
}
