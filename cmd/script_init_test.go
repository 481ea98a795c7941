package cmd_test

import (
	"fmt"
	"maps"
	"os"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"assume-role/internal/shells"
)

func initCommands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){"assumes": assumes}
}

// dialect is how a real shell says what the contract of assume needs.
type dialect struct {
	argv []string
	// load loads assume.
	load string
	// set exports a variable; hide sets one that no command gets, and is nil
	// where a shell has none.
	set, hide func(name, value string) string
	// see writes the value of the hidden one to a file.
	see string
	// call calls assume and writes the exit status to a file.
	call func(words []string, file string) string
	// snap writes the environment of a command to a file.
	snap func(file string) string
}

// dialects are those of the shells of the list, and of the modes that people
// run them in.
func dialects() map[string]dialect {
	posix := dialect{
		load: `\builtin eval "$(assume-role init $0)"`,
		set:  func(n, v string) string { return `\builtin export ` + n + "=" + single(v) },
		hide: func(n, v string) string { return n + "=" + single(v) },
		call: func(words []string, file string) string {
			return "if assume " + quoted(words, single) + "; then echo 0 >| " + file + "; else echo $? >| " + file + "; fi"
		},
		snap: func(file string) string { return "env -0 >| " + file },
		see:  `\builtin printf %s "${` + hidden + `-is not set}" >| hidden.txt`,
	}
	as := func(load string, argv ...string) dialect {
		d := posix
		d.argv, d.load = argv, load+"\n"+strings.ReplaceAll(d.load, "$0", argv[0])
		return d
	}
	const alias = `alias assume="source assume"` + "\n"
	var taken strings.Builder // names of the shell's own commands, by the user's functions and aliases
	for _, name := range []string{"export", "unset", "eval", "command", "printf", "local", "set", "emulate", "setopt", "typeset", "complete"} {
		fmt.Fprintf(&taken, "function %s { \\builtin echo a function of the user; }\nalias %[1]s='\\builtin echo an alias of the user'\n", name)
	}
	return map[string]dialect{
		"bash":       as("shopt -s expand_aliases\n"+alias, "bash", "--norc", "--noprofile"),
		"bash-taken": as("shopt -s expand_aliases\n"+taken.String(), "bash", "--norc", "--noprofile"),
		"zsh-taken":  as(taken.String(), "zsh", "-f"),
		"bash-posix": as(alias+"set -Ceuo pipefail; IFS=abc=_/", "bash", "--posix", "--norc"),
		"bash-set-a": as("set -a; set -f", "bash", "--norc", "--noprofile"),
		"zsh":        as(alias, "zsh", "-f"),
		"zsh-strict": as(alias+"setopt nounset errexit ksharrays shwordsplit noclobber allexport warn_create_global; IFS=abc=_/", "zsh", "-f"),
		"fish": {
			argv: []string{"fish", "--no-config"}, load: "assume-role init fish | source",
			set:  func(n, v string) string { return "set -gx " + n + " " + fishSingle(v) },
			hide: func(n, v string) string { return "set -g " + n + " " + fishSingle(v) },
			call: func(words []string, file string) string {
				return "assume " + quoted(words, fishSingle) + "; echo $status > " + file
			},
			snap: func(file string) string { return "env -0 > " + file },
			see:  `set -q ` + hidden + `; and printf %s "$` + hidden + `" > hidden.txt`,
		},
		"nushell": {
			argv: []string{"nu", "-n"}, load: "source assume.nu",
			set: func(n, v string) string { return fmt.Sprintf("$env.%s = %q", n, v) },
			call: func(words []string, file string) string {
				return fmt.Sprintf("try { assume %s; '0' | save -f %s } catch { $env.LAST_EXIT_CODE | into string | save -f %[2]s }", quoted(words, single), file)
			},
			snap: func(file string) string { return "^env -0 | save -f " + file },
		},
		"elvish": {
			argv: []string{"elvish"}, load: "var assume~ = $nop~\neval (assume-role init elvish | slurp) &on-end={|ns| set assume~ = $ns[assume~] }",
			set: func(n, v string) string { return fmt.Sprintf("set-env %s %q", n, v) },
			call: func(words []string, file string) string {
				return fmt.Sprintf("try { assume %s; echo 0 > %s } catch e { echo $e[reason][exit-status] > %[2]s }", quoted(words, elvishSingle), file)
			},
			snap: func(file string) string { return "env -0 > " + file },
		},
		"powershell": {
			argv: []string{"pwsh", "-NoProfile", "-NonInteractive", "-File"}, load: "assume-role init powershell | Out-String | Invoke-Expression",
			set: func(n, v string) string { return "$Env:" + n + " = " + elvishSingle(v) },
			call: func(words []string, file string) string {
				return "assume " + quoted(words, elvishSingle) + "\n$LASTEXITCODE > " + file
			},
			snap: func(file string) string { return "env -0 | Set-Content -NoNewline " + file },
		},
	}
}

func single(s string) string       { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
func elvishSingle(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
func fishSingle(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func quoted(words []string, quote func(string) string) string {
	all := make([]string, len(words))
	for i, w := range words {
		if all[i] = quote(w); w == "--" {
			all[i] = w
		}
	}
	return strings.Join(all, " ")
}

// own are a user's variables before the first assume: another identity, an
// empty one, and a value that no shell may read as anything else.
func own() map[string]string {
	return map[string]string{
		"AWS_PROFILE": "mine", "AWS_REGION": "", "AWS_ACCESS_KEY_ID": "AKIAFOREIGN",
		"AWS_SECRET_ACCESS_KEY": "f*o 'r\n\"e\" $(touch PWNED) \\`i`\\gn", "AWS_SESSION_TOKEN": "other",
	}
}

// hidden is a variable that the shell alone has, and notExported its value.
const hidden, notExported = "AWS_SECURITY_TOKEN", "the shell's own"

// step is a call of assume, and its exit status.
type step struct {
	name, status string
	words        []string
}

// steps are the calls of the contract, in their order.
func steps() []step {
	return []step{
		{"outside", "1", []string{"--refresh"}},
		{"plain", "0", []string{"plain"}},
		{"far", "0", []string{"far", "--region", "eu-central-1"}},
		{"refreshed", "0", []string{"--refresh"}},
		{"unknown", "1", []string{"nosuch"}},
		{"json", "2", []string{"plain", "--format", "json"}},
		{"misused", "2", []string{"--bogus"}},
		{"both", "2", []string{"--unset", "plain"}},
		{"substitution", "1", []string{"$(touch PWNED)"}},
		{"backquotes", "1", []string{"`touch PWNED`"}},
		{"quotes", "1", []string{"'; touch PWNED; '"}},
		{"parentheses", "1", []string{"(touch PWNED)"}},
		{"blank", "1", []string{"a b"}},
		{"wide", "1", []string{"ü☃"}},
		{"dash", "1", []string{"--", "-x"}},
		{"version", "0", []string{"--version"}},
		{"help", "0", []string{"--help"}},
		{"short", "0", []string{"-h"}},
		{"left", "0", []string{"--unset"}},
	}
}

// assumes NAME: the contract of assume, in a real shell.
func assumes(ts *testscript.TestScript, neg bool, args []string) {
	d, ok := dialects()[args[0]]
	if !ok || neg {
		ts.Fatalf("no dialect %s", args[0])
	}
	path, err := osexec.LookPath(d.argv[0])
	ts.Check(err)
	script := []string{d.load}
	for _, name := range slices.Sorted(maps.Keys(own())) {
		script = append(script, d.set(name, own()[name]))
	}
	if d.hide != nil {
		script = append(script, d.hide(hidden, notExported))
	}
	script = append(script, d.snap("before.env"))
	for _, step := range steps() {
		script = append(script, d.call(step.words, step.name+".status"), d.snap(step.name+".env"))
	}
	script = append(script, d.see)
	file := ts.MkAbs("contract." + args[0])
	ts.Check(os.WriteFile(file, []byte(strings.Join(script, "\n")+"\n"), 0o600))
	c := osexec.Command(path, append(slices.Clone(d.argv[1:]), file)...)
	c.Dir, c.Env = ts.Getenv("WORK"), scriptEnviron(ts)
	out, err := c.CombinedOutput()
	ts.Logf("%s", out)
	ts.Check(err)
	contract(ts, string(out))
	if d.hide != nil && ts.ReadFile("hidden.txt") != notExported {
		ts.Fatalf("the variable that is not exported became %q", ts.ReadFile("hidden.txt"))
	}
}

// contract holds what the calls left to what they promise.
func contract(ts *testscript.TestScript, said string) {
	for _, step := range steps() {
		if got := strings.TrimSpace(strings.Trim(ts.ReadFile(step.name+".status"), "\ufeff")); got != step.status {
			ts.Fatalf("%s: exit status %q, not %s", step.name, got, step.status)
		}
	}
	before := snapshot(ts, "before")
	for name, want := range map[string]map[string]string{
		"outside": before,
		"plain":   {"ASSUME_ROLE_PROFILE": "plain", "AWS_VAULT": "plain", "AWS_REGION": "eu-west-1", "AWS_ACCOUNT_ID": "123456789012"},
		"far":     {"ASSUME_ROLE_PROFILE": "far", "AWS_VAULT": "far", "AWS_REGION": "eu-central-1", "AWS_ACCOUNT_ID": "210987654321"},
	} {
		got := snapshot(ts, name)
		for variable, value := range want {
			if got[variable] != value {
				ts.Fatalf("%s: %s is %q, not %q", name, variable, got[variable], value)
			}
		}
		if name != "outside" && (got["AWS_PROFILE"] != "" || !strings.HasPrefix(got["AWS_ACCESS_KEY_ID"], "ASIA") || len(got["AWS_SESSION_TOKEN"]) < 10) {
			ts.Fatalf("%s: %v", name, slices.Sorted(maps.Keys(got)))
		}
	}
	far, refreshed := snapshot(ts, "far"), snapshot(ts, "refreshed")
	if far["AWS_ACCESS_KEY_ID"] == refreshed["AWS_ACCESS_KEY_ID"] || refreshed["AWS_REGION"] != "eu-central-1" || refreshed["ASSUME_ROLE_PROFILE"] != "far" {
		ts.Fatalf("refreshed: %q after %q, in %s", refreshed["AWS_ACCESS_KEY_ID"], far["AWS_ACCESS_KEY_ID"], refreshed["AWS_REGION"])
	}
	steady(ts, refreshed)
	same(ts, "left", before, snapshot(ts, "left"))
	if strings.Count(said, `"nosuch"`) != 1 || !strings.Contains(said, "assume-role ") || !strings.Contains(said, "assume --refresh") {
		ts.Fatalf("what it said: %s", said)
	}
	if _, err := os.Stat(filepath.Join(ts.Getenv("WORK"), "PWNED")); err == nil {
		ts.Fatalf("a name was run as code")
	}
}

// steady: what failed, or only printed, changed nothing.
func steady(ts *testscript.TestScript, want map[string]string) {
	from := slices.IndexFunc(steps(), func(s step) bool { return s.name == "refreshed" })
	for _, step := range steps()[from : len(steps())-1] {
		same(ts, step.name, want, snapshot(ts, step.name))
	}
}

func same(ts *testscript.TestScript, name string, want, got map[string]string) {
	for _, variable := range append(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))...) {
		w, had := want[variable]
		if g, has := got[variable]; g != w || has != had {
			ts.Fatalf("%s: %s is %q (set: %v), not %q (set: %v)", name, variable, g, has, w, had)
		}
	}
}

// snapshot is the session in the environment that a command saw. Nothing that
// was kept may be in it.
func snapshot(ts *testscript.TestScript, name string) map[string]string {
	env := map[string]string{}
	for entry := range strings.SplitSeq(ts.ReadFile(name+".env"), "\x00") {
		variable, value, _ := strings.Cut(entry, "=")
		if strings.Contains(strings.ToLower(strings.ReplaceAll(variable, "_", "")), "assumerolewas") || variable == "_assume_role_state" || variable == "_assume_role_text" {
			ts.Fatalf("%s: commands see %s", name, variable)
		}
		if strings.HasPrefix(variable, "AWS_") || variable == "ASSUME_ROLE_PROFILE" || variable == "ASSUME_ROLE_SET" {
			env[variable] = value
		}
	}
	return env
}

// TestEveryShellHasItsScript keeps the scripts and the list the same.
func TestEveryShellHasItsScript(t *testing.T) {
	t.Parallel()
	for _, name := range shells.Names() {
		text, err := os.ReadFile("testdata/script/init_" + name + ".txtar")
		if err != nil || !strings.Contains(string(text), "\nassumes "+name+"\n") {
			t.Errorf("init_%s.txtar does not hold %s to the contract (%v)", name, name, err)
		}
		if _, ok := dialects()[name]; !ok {
			t.Errorf("the contract has no dialect of %s", name)
		}
	}
}
