package pages

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// shown are the commands below c that help shows, in its order.
func shown(c *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			all = append(all, sub)
		}
	}
	return all
}

// family is a command and everything below it, parents first.
func family(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range shown(c) {
		all = append(all, family(sub)...)
	}
	return all
}

// title is what follows the program's name: "sso login".
func title(c *cobra.Command) string {
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
}

// useLine is a command's line of use. Every command takes the flags of all.
func useLine(c *cobra.Command) string {
	c.InheritedFlags() // only then the library counts them
	return c.UseLine()
}

// long is what a command's help says of it.
func long(c *cobra.Command) string {
	if c.Long == "" {
		return c.Short + "."
	}
	return strings.TrimSpace(c.Long)
}

// flagsOf parts a command's flags: those of its own, and those of shared that
// it has with the same meaning. What every command has is in neither.
func flagsOf(c *cobra.Command, shared *pflag.FlagSet) (own, common *pflag.FlagSet) {
	own, common = pflag.NewFlagSet("", pflag.ContinueOnError), pflag.NewFlagSet("", pflag.ContinueOnError)
	c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
		if like := shared.Lookup(f.Name); like != nil && like.Usage == f.Usage {
			common.AddFlag(f)
			return
		}
		if f.Name != "help" {
			own.AddFlag(f)
		}
	})
	return own, common
}

// visible are a set's flags that help shows, by name.
func visible(set *pflag.FlagSet) []*pflag.Flag {
	var all []*pflag.Flag
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Deprecated == "" {
			all = append(all, f)
		}
	})
	return all
}

// unindent takes the two spaces away that help puts before each line.
func unindent(text string) string {
	return strings.TrimPrefix(strings.ReplaceAll(text, "\n  ", "\n"), "  ")
}

// passage is a paragraph of a help text, or lines to be shown as they are.
type passage struct {
	text    string
	literal bool
}

// passages parts a text at its empty lines. What is indented stays as it is.
func passages(text string) []passage {
	var all []passage
	for part := range strings.SplitSeq(text, "\n\n") {
		part = strings.Trim(part, "\n")
		if strings.TrimSpace(part) == "" {
			continue
		}
		literal := strings.HasPrefix(part, " ") || strings.HasPrefix(part, "\t")
		if literal {
			part = strings.TrimPrefix(strings.ReplaceAll(unindent(part), "\n\t", "\n"), "\t")
		}
		all = append(all, passage{part, literal})
	}
	return all
}
