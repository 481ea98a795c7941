package cmd

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

var updateDocs = flag.Bool("update", false, "write the generated pages again")

// TestDocs holds docs/commands.md to the commands and their flags, and the
// table of docs/settings.md to the settings. With -update it writes them.
func TestDocs(t *testing.T) {
	commands := commandsPage(newApp(Host{}).root(nil))
	holdPage(t, "../docs/commands.md", func(string) string { return commands })
	holdPage(t, "../docs/settings.md", func(page string) string {
		return between(page, "<!-- generated: settings -->\n", "<!-- end -->", settingsRows())
	})
}

// TestExamples: every command shows how it is used.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, c := range shown(newApp(Host{}).root(nil)) {
		for _, one := range append(shown(c), c) {
			if c.Name() != "completion" && !strings.Contains(one.Example, "assume-role "+strings.TrimPrefix(one.CommandPath(), "assume-role ")) {
				t.Errorf("%s has no example", one.CommandPath())
			}
		}
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

// commandsPage describes every command that help shows, in help's order.
func commandsPage(root *cobra.Command) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Commands\n\nGenerated from the commands themselves by `make docs`.\n\n| command | does |\n| --- | --- |\n")
	for _, c := range shown(root) {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", c.Name(), c.Name(), c.Short)
	}
	fmt.Fprintf(&b, "\n## Flags of every command\n\n```\n%s```\n", root.PersistentFlags().FlagUsages())
	for _, c := range shown(root) {
		describe(&b, c)
	}
	return b.String()
}

func shown(root *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			all = append(all, c)
		}
	}
	return all
}

func describe(b *bytes.Buffer, c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	title := strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
	fmt.Fprintf(b, "\n## %s\n\n```\n%s\n```\n\n%s\n", title, c.UseLine(), strings.TrimSpace(long))
	if c.Example != "" {
		fmt.Fprintf(b, "\n```\n%s\n```\n", unindent(c.Example))
	}
	for i, sub := range shown(c) {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "- `%s`: %s\n", sub.CommandPath(), sub.Short)
	}
	if flags := c.NonInheritedFlags().FlagUsages(); flags != "" {
		fmt.Fprintf(b, "\n```\n%s```\n", flags)
	}
	for _, sub := range shown(c) {
		if c.Name() != "completion" { // what a shell has to do, its own help says
			describe(b, sub)
		}
	}
}

func unindent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

func settingsRows() string {
	var b strings.Builder
	b.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, s := range settingsTable() {
		fallback, doc := "", s.doc
		if s.fallback != "" {
			fallback = "`" + s.fallback + "`"
		}
		if s.guard != nil {
			doc += " (stricter only)"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.key, fallback, doc)
	}
	return b.String()
}
