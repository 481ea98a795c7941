package pages

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/cmd"
)

func real() Manual {
	return Manual{
		Root: cmd.Tree(), Shared: cmd.CredentialFlags(), Settings: cmd.SettingsReference(),
		Variables: cmd.VariablesReference(), Files: cmd.FilesReference(), Date: time.Unix(1760000000, 0),
	}
}

// sample is a small tree: tool, with a command that has a sub-command.
func sample() (*cobra.Command, *pflag.FlagSet) {
	run := func(*cobra.Command, []string) {}
	root := &cobra.Command{Use: "tool", Short: "Do things", Run: run}
	root.PersistentFlags().Bool("quiet", false, "say nothing")
	top := &cobra.Command{Use: "top [NAME] [flags] -- CMD [ARG...]", Short: "Do one", GroupID: "all", Long: "Do *one* <thing>.\n\n  literal -x\n\nAnd more.", Example: "  tool top a\n  tool top b", Run: run}
	top.Flags().StringP("own", "o", "7", "an own `VALUE`")
	top.Flags().String("region", "", "a region")
	top.Flags().String("policy", "", "not the shared one")
	sub := &cobra.Command{Use: "sub", Short: "Do less", Example: "  tool top sub", Run: run}
	hidden := &cobra.Command{Use: "secret", Short: "Nothing", Hidden: true, Run: run}
	top.AddCommand(sub, hidden)
	root.AddGroup(&cobra.Group{ID: "all", Title: "All"})
	root.AddCommand(top)
	shared := pflag.NewFlagSet("", pflag.ContinueOnError)
	shared.String("region", "", "a region")
	shared.String("policy", "", "a policy")
	return root, shared
}

// TestEveryCommandHasPages: no command that help shows is left out of either.
func TestEveryCommandHasPages(t *testing.T) {
	t.Parallel()
	m := real()
	markdown, manual := Markdown(m.Root, m.Shared), m.Pages()
	commands := shown(m.Root)
	if len(commands) < 20 {
		t.Fatalf("only %d commands are shown", len(commands))
	}
	for _, c := range commands {
		page, man := markdown[c.Name()+".md"], manual["assume-role-"+c.Name()+".1"]
		for _, one := range family(c) {
			if !strings.Contains(page, "# "+title(one)+"\n") || !strings.Contains(man, ".Cm "+strings.Join(words(title(one)), " ")+"\n") {
				t.Errorf("%s is on no page", one.CommandPath())
			}
			own, _ := flagsOf(one, m.Shared)
			for _, f := range visible(own) {
				if !strings.Contains(page, "--"+f.Name) || !strings.Contains(man, `\-`+escaped(f.Name)) {
					t.Errorf("%s: --%s is not described", one.CommandPath(), f.Name)
				}
			}
		}
	}
	if len(markdown) != len(commands)+2 || len(manual) != len(commands)+2 {
		t.Errorf("%d commands, %d pages of Markdown, %d of the manual", len(commands), len(markdown), len(manual))
	}
}

// TestRelated: each command leads to pages, and to commands that exist.
func TestRelated(t *testing.T) {
	t.Parallel()
	var known []string
	for _, c := range shown(cmd.Tree()) {
		known = append(known, c.Name())
		if to := relatedTo(c.Name()); len(to.topics)+len(to.commands) == 0 {
			t.Errorf("%s leads nowhere: add it to topics.go", c.Name())
		}
	}
	for name, to := range relations() {
		for _, command := range append(to.commands, name) {
			if !slices.Contains(known, command) {
				t.Errorf("topics.go has %s, which is no command", command)
			}
		}
	}
	for name := range failures() {
		if !slices.Contains(known, name) {
			t.Errorf("topics.go has failures of %s, which is no command", name)
		}
	}
}

// TestFlagGroups: every shared flag has one purpose.
func TestFlagGroups(t *testing.T) {
	t.Parallel()
	count := map[string]int{}
	for _, group := range flagGroups() {
		for _, name := range group.flags {
			count[name]++
		}
	}
	for _, f := range visible(cmd.CredentialFlags()) {
		if count[f.Name] != 1 {
			t.Errorf("--%s is in %d groups of topics.go", f.Name, count[f.Name])
		}
		delete(count, f.Name)
	}
	for name := range count {
		t.Errorf("topics.go has --%s, which is no shared flag", name)
	}
}

// TestManualIsCorrect asks a formatter what is wrong with the pages. What it
// says of names in the system's own manual is not about ours.
func TestManualIsCorrect(t *testing.T) {
	t.Parallel()
	lint, err := exec.LookPath("mandoc")
	if err != nil {
		t.Skip("mandoc is not installed")
	}
	for name, text := range real().Pages() {
		c := exec.Command(lint, "-Tlint", "-Wwarning")
		c.Stdin = strings.NewReader(text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestManualFormats: the other formatter reads the pages, too, and shows an
// option as it is typed.
func TestManualFormats(t *testing.T) {
	t.Parallel()
	groff, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not installed")
	}
	if out, err := exec.Command(groff, "-mandoc", "-Tascii", "-z", "/dev/null").CombinedOutput(); err != nil || len(out) > 0 {
		t.Skipf("groff has no mdoc: %v %s", err, out)
	}
	pages := real().Pages()
	c := exec.Command(groff, "-mandoc", "-Tascii", "-ww", "-P-cbou")
	c.Stdin = strings.NewReader(pages["assume-role-exec.1"])
	out, err := c.CombinedOutput()
	for _, want := range []string{"assume-role exec [PROFILE] [flags] -- CMD [ARG...]", "--no-session-token", "assume-role exec prod --duration 4h -- ./deploy.sh"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q, %v in\n%s", want, err, out)
		}
	}
}
