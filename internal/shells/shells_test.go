package shells

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/output"
)

func text(t *testing.T, s Shell, a Answer) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b, a); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return b.String()
}

// payload sets what it is given, as NAME, VALUE, …, and unsets one more.
func payload(pairs ...string) output.Payload {
	p := output.Payload{Unset: []string{"AWS_PROFILE"}}
	for i := 0; i < len(pairs); i += 2 {
		p.Set = append(p.Set, creds.Variable{Name: pairs[i], Value: creds.Secret(pairs[i+1])})
	}
	return p
}

func TestStateRoundTrip(t *testing.T) {
	t.Parallel()
	s := State{Kept: []Kept{{"AWS_REGION", true}, {"AWS_PROFILE", false}}, Profile: "ü☃ '\"$(x)", Name: "a b", Flags: []string{"--policy={}\n"}}
	if diff := cmp.Diff(s, ReadState(s.Text())); diff != "" {
		t.Error(diff)
	}
	if rest := strings.Trim(s.Text(), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"); rest != "" {
		t.Errorf("a state holds %q, which a shell may read", rest)
	}
	if empty := (State{}).Text(); empty == "" || len(ReadState(empty).Kept) != 0 {
		t.Errorf("no state is %q", empty)
	}
}

// A state is a variable of the shell's, which anyone may have set: its names
// must not become code.
func TestDamagedStateIsNone(t *testing.T) {
	t.Parallel()
	whole := State{Kept: []Kept{{"AWS_REGION", true}}}.Text()
	for _, damaged := range []string{"", "-", "none", "!!", whole[1:], whole[:len(whole)-3], encoded(`[]`), encoded(`{"kept":[{"n":"A;touch PWNED"}]}`), encoded(`{"kept":[{"n":""}]}`), encoded(`{"kept":[{"n":"A"},{"n":"1A"}]}`)} {
		if got := ReadState(damaged); len(got.Kept) != 0 || got.Profile != "" {
			t.Errorf("%q is read as %+v", damaged, got)
		}
	}
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func FuzzReadState(f *testing.F) {
	f.Add("-")
	f.Add(State{Kept: []Kept{{"AWS_REGION", true}}}.Text())
	f.Add(encoded(`{"kept":[{"n":"A B"}]}`))
	f.Fuzz(func(t *testing.T, s string) {
		for _, k := range ReadState(s).Kept {
			if !output.Identifier(k.Name) {
				t.Errorf("%q gives the name %q", s, k.Name)
			}
		}
	})
}

// Each variable is kept once, as it was before the first assume.
func TestEnterKeepsOnce(t *testing.T) {
	t.Parallel()
	first := State{}.Enter([]string{"AWS_PROFILE=", "AWS_REGIONS=x"}, payload("AWS_REGION", "r"))
	if diff := cmp.Diff([]Kept{{"AWS_PROFILE", true}, {"AWS_REGION", false}}, first.keep); diff != "" {
		t.Error(diff)
	}
	second := ReadState(first.state).Enter([]string{"AWS_REGION=r", "AWS_ENDPOINT_URL=mine"}, payload("AWS_REGION", "s", "AWS_ENDPOINT_URL", "e"))
	if diff := cmp.Diff([]Kept{{"AWS_ENDPOINT_URL", true}}, second.keep); diff != "" {
		t.Error(diff)
	}
	if got := ReadState(second.state).Kept; len(got) != 3 {
		t.Errorf("kept: %v", got)
	}
}

// What is put back is neither set nor removed by the way.
func TestLeave(t *testing.T) {
	t.Parallel()
	s := State{Kept: []Kept{{"AWS_PROFILE", true}, {"AWS_CONFIG_FILE", true}}}
	p := payload("AWS_CONFIG_FILE", "x", "AWS_OTHER", "y")
	p.Unset = append(p.Unset, "AWS_REGION")
	a := s.Leave(p)
	if diff := cmp.Diff([]string{"AWS_OTHER", "AWS_REGION"}, changed(a.payload)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(s.Kept, a.restore); diff != "" || len(ReadState(a.state).Kept) != 0 {
		t.Errorf("%s, then %q", diff, a.state)
	}
}

// What the user changed after an assume is known by name; what is as assume left
// it, or gone, is not. No secret is in the state.
func TestChangedSince(t *testing.T) {
	t.Parallel()
	p := payload("AWS_REGION", "r", "AWS_ACCESS_KEY_ID", "ASIA1", "AWS_SECRET_ACCESS_KEY", "canary")
	s := ReadState(State{}.Enter(nil, p).state)
	for want, environ := range map[string][]string{
		"":                              {"AWS_REGION=r", "AWS_ACCESS_KEY_ID=ASIA1", "AWS_SECRET_ACCESS_KEY=canary", "AWS_OTHER=x"},
		"AWS_REGION":                    {"AWS_REGION=", "AWS_ACCESS_KEY_ID=ASIA1"},
		"AWS_ACCESS_KEY_ID AWS_PROFILE": {"AWS_PROFILE=", "AWS_ACCESS_KEY_ID=AKIA"},
	} {
		if got := strings.Join(s.ChangedSince(environ), " "); got != want {
			t.Errorf("%v: %q, not %q", environ, got, want)
		}
	}
	if got := (State{Kept: s.Kept}).ChangedSince([]string{"AWS_REGION=r"}); got != nil {
		t.Errorf("a state without values, of an earlier version: %v", got)
	}
	if whole, _ := base64.RawURLEncoding.DecodeString(s.Text()); strings.Contains(string(whole), "canary") {
		t.Errorf("a secret is in the state: %s", whole)
	}
}

// No answer holds a value of the caller's environment: the shell keeps it.
func TestAnswersHoldNothingKept(t *testing.T) {
	t.Parallel()
	for _, s := range List() {
		got := text(t, s, State{}.Enter([]string{"AWS_PROFILE=canary"}, payload("AWS_REGION", "r")))
		if strings.Contains(got, "canary") || !strings.Contains(got, "AWS_PROFILE") {
			t.Errorf("%s: %s", s.Name, got)
		}
	}
}

// What a shell cannot carry is refused with nothing written.
func TestRefusedAnswerIsEmpty(t *testing.T) {
	t.Parallel()
	for _, s := range List() {
		var b bytes.Buffer
		if err := s.Write(&b, State{}.Enter(nil, payload("AWS_REGION", "a\x00b"))); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %q", s.Name, err, b.String())
		}
		if err := s.Write(&b, State{}.Enter(nil, payload("AWS;x", "a"))); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %q", s.Name, err, b.String())
		}
	}
}

// The words of a call are data, in the shells that evaluate the answer.
func TestRunIsQuoted(t *testing.T) {
	t.Parallel()
	words := []string{"console", "a b", "$(touch PWNED)", "`touch PWNED`", "'; touch PWNED; '", `\`, `x\'`, "", "*", "ü☃\n"}
	for name, show := range map[string][]string{
		"bash": {"bash", "--norc", "-c", `_assume_role_program() { printf '<%s>' "$@"; }; eval "$(cat "$OUT")"`},
		"zsh":  {"zsh", "-f", "-c", `_assume_role_program() { printf '<%s>' "$@" }; eval "$(cat "$OUT")"`},
		"fish": {"fish", "--no-config", "-c", `function _assume_role_program; printf '<%s>' $argv; end; eval (cat "$OUT" | string collect)`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := Lookup(name)
			got := inShell(t, show, text(t, s, Run(words...)))
			if want := "<" + strings.Join(words, "><") + ">"; got != want {
				t.Errorf("%q became %q", want, got)
			}
		})
	}
}

// The program's path is data, too, and may hold anything.
func TestProgramIsQuoted(t *testing.T) {
	t.Parallel()
	for name, load := range map[string][]string{
		"bash": {"bash", "--norc", "-c", `eval "$(cat "$OUT")"; _assume_role_program a b`},
		"zsh":  {"zsh", "-f", "-c", `eval "$(cat "$OUT")"; _assume_role_program a b`},
		"fish": {"fish", "--no-config", "-c", `source "$OUT"; _assume_role_program a b`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := filepath.Join(t.TempDir(), "a 'b' $(touch PWNED) `x` \\n")
			// No other test may start a process while this one has the file open: it would
			// inherit that, and the kernel runs no file that somebody may still write.
			syscall.ForkLock.RLock()
			err := os.WriteFile(program, []byte("#!/bin/sh\nprintf '%s\\n' \"$0:$*\"\n"), 0o700)
			syscall.ForkLock.RUnlock()
			if err != nil {
				t.Fatal(err)
			}
			s, _ := Lookup(name)
			if got, want := inShell(t, load, s.Integration(program)), program+":a b\n"; got != want {
				t.Errorf("%q became %q", want, got)
			}
		})
	}
}

// inShell runs a shell that reads a text from $OUT, and returns what it prints.
func inShell(t *testing.T, argv []string, text string) string {
	t.Helper()
	if _, err := exec.LookPath(argv[0]); err != nil {
		t.Skipf("%s is not installed", argv[0])
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "out")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "OUT=" + file, "LC_ALL=C.UTF-8"}
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil || errs.Len() > 0 {
		t.Errorf("%v: %s", err, errs.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "PWNED")); err == nil {
		t.Error("a word was run as code")
	}
	return string(out)
}

// TestStructuredAnswers holds the shape that Nushell and Elvish read.
func TestStructuredAnswers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nushell", "elvish"} {
		s, _ := Lookup(name)
		for want, a := range map[string]Answer{
			`{"keep":["AWS_PROFILE"],"unset":["AWS_PROFILE"],"set":{"AWS_REGION":"a\nb"},"restore":false}`: State{}.Enter([]string{"AWS_PROFILE=x"}, payload("AWS_REGION", "a\nb")),
			`{"keep":[],"unset":["AWS_PROFILE","AWS_REGION"],"set":{},"restore":true,"state":"-"}`:         State{Kept: []Kept{{"AWS_REGION", true}}}.Leave(payload()),
			`{"keep":[],"unset":[],"set":{},"restore":false,"state":"","run":["console","--","p"]}`:        Run("console", "--", "p"),
			`{"keep":[],"unset":["AWS_PROFILE"],"set":{"AWS_REGION":"r"},"restore":false,"run":[]}`:        State{}.Enter(nil, payload("AWS_REGION", "r")),
		} {
			var wanted, got map[string]any
			if err := json.Unmarshal([]byte(want), &wanted); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(text(t, s, a)), &got); err != nil {
				t.Fatal(err)
			}
			for key, value := range wanted {
				if diff := cmp.Diff(value, got[key]); diff != "" {
					t.Errorf("%s: %s: %s", name, key, diff)
				}
			}
			if len(got) != 6 {
				t.Errorf("%s: the keys are not fixed: %v", name, got)
			}
		}
	}
}

// TestPowerShellText is a check of form, for where PowerShell is not installed:
// pairs of brackets, and one statement a line in answers.
func TestPowerShellText(t *testing.T) {
	t.Parallel()
	s, _ := Lookup("powershell")
	whole := s.Integration(`C:\Program Files\it's\assume-role.exe`)
	if !strings.Contains(whole, `'C:\Program Files\it''s\assume-role.exe'`) || strings.Contains(whole, "{program}") {
		t.Error(whole)
	}
	for _, pair := range []string{"{}", "()", "[]"} {
		if strings.Count(whole, pair[:1]) != strings.Count(whole, pair[1:]) {
			t.Errorf("%s are not in pairs", pair)
		}
	}
	enter := text(t, s, State{}.Enter([]string{"AWS_PROFILE=x"}, payload("AWS_REGION", "’; touch PWNED; ’")))
	want := []string{
		"$global:_AssumeRoleWas['AWS_PROFILE'] = $Env:AWS_PROFILE", "$global:_AssumeRoleWas['AWS_REGION'] = $Env:AWS_REGION",
		"$Env:AWS_PROFILE = $null", "$Env:AWS_REGION = '’’; touch PWNED; ’’'",
	}
	if lines := strings.Split(enter, "\n"); !cmp.Equal(want, lines[:4]) || !strings.HasPrefix(lines[4], "$global:_AssumeRoleState = '") {
		t.Error(enter)
	}
	leave := text(t, s, State{Kept: []Kept{{"AWS_REGION", true}}}.Leave(payload()))
	if !strings.Contains(leave, "$Env:AWS_REGION = $global:_AssumeRoleWas['AWS_REGION']\n") {
		t.Error(leave)
	}
	if run := text(t, s, Run("console", "it’s $x")); run != "_AssumeRole 'console' 'it’’s $x'\n" {
		t.Error(run)
	}
}

func TestSuggested(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/bin/bash": "bash", "zsh": "zsh", "/opt/homebrew/bin/fish": "fish", `C:\Program Files\PowerShell\7\pwsh.exe`: "powershell",
		"/usr/bin/nu": "nushell", "/usr/bin/elvish": "elvish", "/bin/tcsh": "", "": "", "/bin/": "",
	} {
		if got, ok := Suggested(path); got.Name != want || ok != (want != "") {
			t.Errorf("%s suggests %q", path, got.Name)
		}
	}
}

func TestListIsWhole(t *testing.T) {
	t.Parallel()
	for _, s := range List() {
		if s.File == "" || !strings.Contains(s.Line, "assume-role init "+s.Name) || s.Integration("/x") == "" {
			t.Errorf("%s lacks something", s.Name)
		}
	}
	if len(Names()) != len(List()) {
		t.Error(Names())
	}
}
