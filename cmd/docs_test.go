package cmd_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"assume-role/cmd"
	reference "assume-role/internal/pages"
)

var updateDocs = flag.Bool("update", false, "write the generated pages again")

const commandPages = "../docs/commands"

// TestDocs holds docs/commands to the commands and their flags, and the table
// of docs/settings.md to the settings. With -update it writes them, and removes
// the pages of commands that are gone.
func TestDocs(t *testing.T) {
	generated := reference.Markdown(cmd.Tree(), cmd.CredentialFlags())
	for name, text := range generated {
		holdPage(t, filepath.Join(commandPages, name), func(string) string { return text })
	}
	for _, name := range pagesThere(t) {
		if _, ok := generated[name]; !ok {
			dropPage(t, filepath.Join(commandPages, name))
		}
	}
	holdPage(t, "../docs/settings.md", func(page string) string {
		return between(page, "<!-- generated: settings -->\n", "<!-- end -->", settingsList())
	})
}

// TestExamples: every command shows how it is used.
func TestExamples(t *testing.T) {
	t.Parallel()
	read := 0
	for _, top := range cmd.Tree().Commands() {
		for _, c := range append(top.Commands(), top) {
			if !c.IsAvailableCommand() || isCobras(top) {
				continue
			}
			read++
			if !strings.Contains(c.Example, "assume-role "+strings.TrimPrefix(c.CommandPath(), "assume-role ")) {
				t.Errorf("%s has no example", c.CommandPath())
			}
		}
	}
	if read < 30 {
		t.Errorf("only %d commands were read", read)
	}
}

// isCobras tells the commands that the library brings.
func isCobras(c *cobra.Command) bool { return c.Name() == "completion" || c.Name() == "help" }

func pagesThere(t *testing.T) []string {
	t.Helper()
	if *updateDocs {
		if err := os.MkdirAll(commandPages, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(commandPages)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// dropPage removes the page of a command that is gone.
func dropPage(t *testing.T, path string) {
	t.Helper()
	if !*updateDocs {
		t.Errorf("%s is the page of no command: run make docs", path)
		return
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// holdPage compares a page with what generate makes of it.
func holdPage(t *testing.T, path string, generate func(string) string) {
	t.Helper()
	old, err := os.ReadFile(path)
	if err != nil && !*updateDocs {
		t.Fatal(err)
	}
	want := generate(string(old))
	if want == string(old) {
		return
	}
	if !*updateDocs {
		t.Errorf("%s is not what the code says: run make docs", path)
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between replaces what stands between two marks. Without both it returns the
// marks alone, which is never what a page has.
func between(page, start, end, text string) string {
	before, rest, ok := strings.Cut(page, start)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return start + end
	}
	return before + start + text + end + after
}
