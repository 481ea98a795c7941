package docs

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"
)

// TestUsage: a call of this tool that a page shows names a command, and only
// flags that this very command has.
func TestUsage(t *testing.T) {
	t.Parallel()
	known := map[string]map[string]bool{}
	for _, file := range glob(t, root+"/docs/commands/*.md") {
		maps.Copy(known, commandFlags(readText(t, file)))
	}
	calls := 0
	for _, p := range pages(t) {
		for _, call := range callsIn(p.text) {
			calls++
			if wrong := wrongIn(call, known); wrong != "" {
				t.Errorf("%s: assume-role %s: %s", p.name, call, wrong)
			}
		}
	}
	if calls < 100 {
		t.Errorf("only %d calls were read", calls)
	}
}

// everywhere is the heading that the flags of all commands have.
const everywhere = "Flags of every command"

// commandFlags are the flags of each command, by the headings of a page of
// docs/commands: its title, and those of sub-commands.
func commandFlags(generated string) map[string]map[string]bool {
	known := map[string]map[string]bool{}
	flag := regexp.MustCompile(`^ +(?:(-[a-zA-Z]), )?(--[a-z-]+)`)
	shared := regexp.MustCompile("`(-[a-zA-Z-]+)`")
	title, name, fenced := "", "", false
	for _, line := range strings.Split(generated, "\n") {
		top, isTop := strings.CutPrefix(line, "# ")
		sub, isSub := strings.CutPrefix(line, "## ")
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
		case fenced && flag.MatchString(line) && name != "":
			m := flag.FindStringSubmatch(line)
			known[name][m[1]], known[name][m[2]] = true, true
		case fenced:
		case isTop:
			title, name = top, top
			known[name] = map[string]bool{"--help": true}
		case isSub && (sub == everywhere || strings.HasPrefix(sub, title+" ")):
			name = sub
			known[name] = map[string]bool{"--help": true}
		case strings.HasPrefix(line, "[Credential flags]("):
			for _, m := range shared.FindAllStringSubmatch(line, -1) {
				known[name][m[1]] = true
			}
		}
	}
	return known
}

// callsIn returns what follows this tool's name in code, up to the command that
// it runs, or to what a shell ends a command with.
func callsIn(text string) []string {
	var calls []string
	code := regexp.MustCompile("(?m)(?:`|^(?:\\$ )?|\\$\\(|[|] |&& |source <\\()assume-role ([a-z][^`\n]*)")
	for _, m := range code.FindAllStringSubmatch(text, -1) {
		unquoted := regexp.MustCompile(`'[^']*'`).ReplaceAllString(m[1], "'…'")
		call := regexp.MustCompile(` -- | --$|[|;<>)&]|  +#| …`).Split(unquoted, 2)[0]
		calls = append(calls, strings.TrimSpace(call))
	}
	return calls
}

// wrongIn says what is wrong with a call.
func wrongIn(call string, known map[string]map[string]bool) string {
	words := strings.Fields(call)
	name := strings.TrimSuffix(words[0], ".")
	if known[name] == nil {
		return "there is no such command"
	}
	if len(words) > 1 && known[name+" "+words[1]] != nil {
		name += " " + words[1]
	}
	for _, word := range words[1:] {
		flag := regexp.MustCompile(`^(--[a-z][a-z-]*|-[a-zA-Z]$)`).FindString(word)
		if flag != "" && !known[name][flag] && !known[everywhere][flag] {
			return fmt.Sprintf("%s has no %s", name, flag)
		}
	}
	return ""
}

func TestWrongIn(t *testing.T) {
	t.Parallel()
	known := commandFlags("# Commands\n\n## " + everywhere + "\n\n```\n      --quiet   x\n```\n")
	maps.Copy(known, commandFlags("# list\n\n## Flags\n\n```\n# a comment\n      --json   x\n```\n\n[Credential flags](x.md): `-r`, `--region`.\n"))
	maps.Copy(known, commandFlags("# sso\n\n## Commands\n\n- `sso login`\n\n## sso login\n\n### Flags of sso login\n\n```\n  -n, --now   x\n```\n"))
	for call, want := range map[string]string{
		"list --json --quiet": "", "list --region x -r y": "", "sso --now": "sso has no --now", "list --now": "list has no --now", "list -n": "list has no -n", "sso login corp -n --now": "", "lst": "there is no such command",
	} {
		if got := wrongIn(call, known); got != want {
			t.Errorf("%q: %q, not %q", call, got, want)
		}
	}
}

func TestCallsIn(t *testing.T) {
	t.Parallel()
	text := "assume-role reads\n`assume-role exec a -- b --c`, assume-role is; x | assume-role add y --stdin\neval \"$(assume-role export z --unset)\"\n$ assume-role list  # all\n"
	if got := strings.Join(callsIn(text), "|"); got != "reads|exec a|add y --stdin|export z --unset|list" {
		t.Errorf("got %q", got)
	}
}
