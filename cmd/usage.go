package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/terminal"
)

// HelpWidth is how many columns help takes, on any terminal.
const HelpWidth = 80

// FlagUsages lists flags as --help does, within HelpWidth.
func FlagUsages(flags *pflag.FlagSet) string { return flags.FlagUsagesWrapped(HelpWidth) }

// printUsage is what --help says below the description. The library's own lists
// flags in lines without end.
func printUsage(c *cobra.Command) error {
	var text strings.Builder
	fmt.Fprintf(&text, "Usage:\n  %s\n", c.UseLine())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "  %s [command]\n", c.CommandPath())
	}
	if c.HasExample() {
		fmt.Fprintf(&text, "\nExamples:\n%s\n", c.Example)
	}
	writeCommands(&text, c)
	writeFlags(&text, "Flags", c.LocalFlags())
	writeFlags(&text, "Global Flags", c.InheritedFlags())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&text, "\nUse \"%s [command] --help\" for more information about a command.\n", c.CommandPath())
	}
	_, err := io.WriteString(c.OutOrStderr(), text.String())
	return err
}

// writeCommands lists what is below c: by its groups, or all where it has none.
func writeCommands(text *strings.Builder, c *cobra.Command) {
	groups := c.Groups()
	if len(groups) == 0 && c.HasAvailableSubCommands() {
		groups = []*cobra.Group{{Title: "Available Commands"}}
	}
	for _, group := range groups {
		fmt.Fprintf(text, "\n%s:\n", group.Title)
		for _, sub := range c.Commands() {
			if sub.GroupID == group.ID && (sub.IsAvailableCommand() || sub.Name() == "help") {
				fmt.Fprintf(text, "  %s %s\n", terminal.Pad(sub.Name(), sub.NamePadding()), sub.Short)
			}
		}
	}
}

func writeFlags(text *strings.Builder, title string, flags *pflag.FlagSet) {
	if flags.HasAvailableFlags() {
		fmt.Fprintf(text, "\n%s:\n%s", title, FlagUsages(flags))
	}
}
