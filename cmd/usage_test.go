package cmd_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"assume-role/cmd"
)

// TestHelpFits: no line of help is wider than a terminal, but for lines that
// are there to be copied, and for words that cannot be parted.
func TestHelpFits(t *testing.T) {
	t.Parallel()
	read := 0
	for _, top := range cmd.Tree().Commands() {
		for _, c := range append(top.Commands(), top) {
			read++
			for line := range strings.Lines(help(t, c)) {
				line = strings.TrimRight(line, "\n")
				if len(line) > cmd.HelpWidth && !toCopy(c, line) {
					t.Errorf("%s --help, %d columns: %s", c.CommandPath(), len(line), line)
				}
			}
		}
	}
	if read < 30 {
		t.Errorf("only %d commands were read", read)
	}
}

// toCopy tells lines of code: examples, the usage, and what is indented in the
// description.
func toCopy(c *cobra.Command, line string) bool {
	return strings.HasPrefix(line, "  ") && (strings.Contains(c.Example, line) || strings.Contains(c.Long, line)) ||
		strings.TrimSpace(line) == c.UseLine()
}

func help(t *testing.T, c *cobra.Command) string {
	t.Helper()
	var out bytes.Buffer
	c.SetOut(&out)
	if err := c.Help(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestHelpListsEachCommandOnce: by what it is for, on one line.
func TestHelpListsEachCommandOnce(t *testing.T) {
	t.Parallel()
	root := cmd.Tree()
	text := help(t, root)
	for _, group := range root.Groups() {
		if !strings.Contains(text, "\n"+group.Title+":\n  ") {
			t.Errorf("the group %q is not there, or empty:\n%s", group.Title, text)
		}
	}
	for _, c := range root.Commands() {
		want := 0
		if c.IsAvailableCommand() || c.Name() == "help" {
			want = 1
		}
		if got := strings.Count(text, "\n  "+c.Name()+" "); got != want {
			t.Errorf("%s is listed %d times", c.Name(), got)
		}
	}
}

// TestHelpOfACommandWithCommands: those have no groups.
func TestHelpOfACommandWithCommands(t *testing.T) {
	t.Parallel()
	sso, _, err := cmd.Tree().Find([]string{"sso"})
	if err != nil {
		t.Fatal(err)
	}
	text := help(t, sso)
	for _, want := range []string{"\nAvailable Commands:\n", "\n  login ", "\nGlobal Flags:\n", "Use \"assume-role sso [command] --help\""} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
