package pages

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/cmd"
)

// credentialPage explains the flags that commands share.
const credentialPage = "credential-flags.md"

// Markdown returns the pages of docs/commands by their file names: a page a
// command, with its sub-commands; one of the flags that commands share; and
// README.md, the index.
func Markdown(root *cobra.Command, shared *pflag.FlagSet) map[string]string {
	all := map[string]string{"README.md": index(root), credentialPage: credentialFlagsPage(root, shared)}
	for _, c := range shown(root) {
		all[c.Name()+".md"] = commandPage(c, shared)
	}
	return all
}

func index(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\nThese pages are generated from the commands themselves by `make docs`; `--help` and the manual (`make man`) say the same.\n")
	for _, group := range root.Groups() {
		fmt.Fprintf(&b, "\n## %s\n\n| command | does |\n| --- | --- |\n", group.Title)
		for _, c := range shown(root) {
			if c.GroupID == group.ID {
				fmt.Fprintf(&b, "| [`%s`](%s.md) | %s |\n", c.Name(), c.Name(), c.Short)
			}
		}
	}
	fmt.Fprintf(&b, "\n## Flags of every command\n\n```\n%s```\n", cmd.FlagUsages(root.PersistentFlags()))
	fmt.Fprintf(&b, "\nCommands that get credentials share [more flags](%s).\n", credentialPage)
	b.WriteString("\n## Exit status\n\n" + table("status", "meaning", exitStatuses("")) + "\n[`exec`](exec.md#exit-status) has the command's own. [Scripting](../scripting.md) has more.\n")
	return b.String()
}

func commandPage(c *cobra.Command, shared *pflag.FlagSet) string {
	var b strings.Builder
	for _, one := range family(c) {
		describe(&b, one, shared)
	}
	fmt.Fprintf(&b, "\n## Exit status\n\n%s", table("status", "meaning", exitStatuses(c.Name())))
	b.WriteString("\n## See also\n\n")
	to := relatedTo(c.Name())
	for _, topic := range to.topics {
		fmt.Fprintf(&b, "- [%s](../%s.md)\n", strings.ReplaceAll(topic, "-", " "), topic)
	}
	for _, name := range to.commands {
		fmt.Fprintf(&b, "- [`assume-role %s`](%s.md)\n", name, name)
	}
	b.WriteString("- [all commands](README.md)\n")
	return b.String()
}

// describe writes the section of one command; a page begins with one.
func describe(b *strings.Builder, c *cobra.Command, shared *pflag.FlagSet) {
	heading, lower := "# ", "## "
	if c.Parent() != c.Root() {
		heading, lower = "\n## ", "### "
	}
	fmt.Fprintf(b, "%s%s\n\n```\n%s\n```\n\n%s", heading, title(c), useLine(c), prose(long(c)))
	if c.Example != "" {
		fmt.Fprintf(b, "\n%sExamples%s\n\n```\n%s\n```\n", lower, of(c), unindent(c.Example))
	}
	if subs := shown(c); len(subs) > 0 {
		fmt.Fprintf(b, "\n%sCommands%s\n\n", lower, of(c))
		for _, sub := range subs {
			fmt.Fprintf(b, "- [`%s`](#%s): %s\n", sub.CommandPath(), strings.ReplaceAll(title(sub), " ", "-"), sub.Short)
		}
	}
	own, common := flagsOf(c, shared)
	if !own.HasAvailableFlags() && !common.HasAvailableFlags() {
		return
	}
	fmt.Fprintf(b, "\n%sFlags%s\n", lower, of(c))
	if own.HasAvailableFlags() {
		fmt.Fprintf(b, "\n```\n%s```\n", cmd.FlagUsages(own))
	}
	if flags := visible(common); len(flags) > 0 {
		fmt.Fprintf(b, "\n[Credential flags](%s): %s.\n", credentialPage, names(flags))
	}
}

// of tells the headings of a sub-command from its parent's.
func of(c *cobra.Command) string {
	if c.Parent() == c.Root() {
		return ""
	}
	return " of " + title(c)
}

// prose is a help text as Markdown.
func prose(text string) string {
	var b strings.Builder
	for i, p := range passages(text) {
		if i > 0 {
			b.WriteString("\n")
		}
		if p.literal {
			fmt.Fprintf(&b, "```\n%s\n```\n", p.text)
			continue
		}
		fmt.Fprintf(&b, "%s\n", markdownText(p.text))
	}
	return b.String()
}

// markdownText keeps what help says from being read as markup.
func markdownText(text string) string {
	text = strings.NewReplacer("<", `\<`, "*", `\*`, "`", "\\`").Replace(text)
	if strings.HasPrefix(text, "#") {
		return `\` + text
	}
	return text
}

func names(flags []*pflag.Flag) string {
	var all []string
	for _, f := range flags {
		name := "`--" + f.Name + "`"
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func table(left, right string, rows []cmd.Described) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s |\n| --- | --- |\n", left, right)
	for _, row := range rows {
		fmt.Fprintf(&b, "| %s | %s |\n", row.Name, row.Meaning)
	}
	return b.String()
}

// credentialFlagsPage explains the shared flags by purpose, and says who has them.
func credentialFlagsPage(root *cobra.Command, shared *pflag.FlagSet) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Credential flags\n\nCommands that get credentials share these flags: %s. Each command's page says which of them it has.\n", strings.Join(sharers(root, shared), ", "))
	for _, group := range flagGroups() {
		set := pflag.NewFlagSet("", pflag.ContinueOnError)
		for _, name := range group.flags {
			if f := shared.Lookup(name); f != nil {
				set.AddFlag(f)
			}
		}
		fmt.Fprintf(&b, "\n## %s\n", group.name)
		if group.about != "" {
			fmt.Fprintf(&b, "\n%s\n", group.about)
		}
		fmt.Fprintf(&b, "\n```\n%s```\n", cmd.FlagUsages(set))
	}
	b.WriteString("\n## See also\n\n- [concepts](../concepts.md)\n- [caching](../caching.md)\n- [settings](../settings.md): profile keys for the same\n- [all commands](README.md)\n")
	return b.String()
}

// sharers are the commands with shared flags, as links.
func sharers(root *cobra.Command, shared *pflag.FlagSet) []string {
	var all []string
	for _, top := range shown(root) {
		for _, c := range family(top) {
			if _, common := flagsOf(c, shared); common.HasAvailableFlags() {
				all = append(all, fmt.Sprintf("[`%s`](%s.md)", title(c), top.Name()))
			}
		}
	}
	return all
}
