package cmd

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/completion"
)

// typedLine is a command line that somebody is typing, as far as it can be
// understood without running anything: values may be wrong or unfinished.
type typedLine struct {
	app *app
	// command is the innermost one that the words name, flags those that may
	// be given to it.
	command *cobra.Command
	flags   *pflag.FlagSet
	// args are its arguments before the word.
	args []string
	// word is the one being typed.
	word string
	// flag is the one whose value the word is; nil for none.
	flag *pflag.Flag
	// dashed says that a -- stands before the word.
	dashed bool
	// child is the place of the command that exec runs; 0 for none yet.
	child int
}

// typed reads the words behind the program's name, of which the last is the
// one being typed.
func (a *app) typed(words []string) *typedLine {
	last := len(words) - 1
	before := a.commandFirst(words[:last])
	l := &typedLine{app: a, word: words[last]}
	l.enter(a.root(before))
	for i, word := range before {
		l.read(i+1, word)
	}
	if l.atChild() {
		l.child = len(words)
	}
	return l
}

// enter goes on with the words of a command.
func (l *typedLine) enter(c *cobra.Command) {
	c.InitDefaultHelpFlag()
	l.command, l.flags = c, pflag.NewFlagSet(c.Name(), pflag.ContinueOnError)
	for at := c; at != nil; at = at.Parent() {
		l.flags.AddFlagSet(at.PersistentFlags())
	}
	l.flags.AddFlagSet(c.Flags())
}

// read takes in one finished word; place counts from 1.
func (l *typedLine) read(place int, word string) {
	switch {
	case l.child > 0:
	case l.flag != nil:
		l.give(l.flag, word)
		l.flag = nil
	case l.dashed:
		l.argument(place, word)
	case word == "--":
		l.dash(place)
	case strings.HasPrefix(word, "--"):
		l.long(word[2:])
	case strings.HasPrefix(word, "-") && word != "-":
		l.short(word[1:])
	default:
		l.argument(place, word)
	}
}

// dash is a --, behind which all is exec's command.
func (l *typedLine) dash(place int) {
	l.dashed = true
	if l.runsCommand() {
		l.child = place + 1
	}
}

func (l *typedLine) runsCommand() bool { return l.command.Name() == "exec" }

func (l *typedLine) argument(place int, word string) {
	if sub := l.subcommand(word); sub != nil {
		l.enter(sub)
		return
	}
	if l.runsCommand() && len(l.args) == 1 {
		l.child = place
		return
	}
	l.args = append(l.args, word)
}

func (l *typedLine) subcommand(name string) *cobra.Command {
	for _, sub := range l.command.Commands() {
		if len(l.args) == 0 && !l.dashed && (sub.Name() == name || sub.HasAlias(name)) {
			return sub
		}
	}
	return nil
}

// atChild reports whether the word is the name of exec's command.
func (l *typedLine) atChild() bool {
	return l.child == 0 && l.runsCommand() && len(l.args) == 1 && l.flag == nil && !strings.HasPrefix(l.word, "-")
}

// long reads NAME or NAME=VALUE of a flag.
func (l *typedLine) long(text string) {
	name, value, given := strings.Cut(text, "=")
	flag := l.flags.Lookup(name)
	switch {
	case flag == nil:
	case given:
		l.give(flag, value)
	case flag.NoOptDefVal != "":
		l.give(flag, flag.NoOptDefVal)
	default:
		l.flag = flag
	}
}

// short reads the letters behind a single dash, of which the last may have a
// value behind it.
func (l *typedLine) short(letters string) {
	for i, letter := range letters {
		flag := l.flags.ShorthandLookup(string(letter))
		rest := letters[i+len(string(letter)):]
		switch {
		case flag == nil:
			return
		case flag.NoOptDefVal != "":
			l.give(flag, flag.NoOptDefVal)
		case rest == "":
			l.flag = flag
		default:
			l.give(flag, strings.TrimPrefix(rest, "="))
			return
		}
	}
}

// give sets a flag, for those that complete others' values to look at. One
// that does not take the value was given all the same.
func (l *typedLine) give(flag *pflag.Flag, value string) {
	_ = flag.Value.Set(value)
	flag.Changed = true
}

// candidates are what may stand in the word's place. Where that is --NAME=VALUE
// they are values alone, and the word becomes the one begun.
func (l *typedLine) candidates() ([]string, cobra.ShellCompDirective) {
	switch name, value, assigns := strings.Cut(l.word, "="); {
	case l.child > 0:
		return []string{strconv.Itoa(l.child)}, completion.CommandFollows
	case l.flag != nil:
		return l.values(l.flag)
	case l.dashed || !strings.HasPrefix(l.word, "-"):
		return l.arguments()
	case assigns:
		l.word = value
		if flag := l.flags.Lookup(strings.TrimPrefix(name, "--")); flag != nil {
			return l.values(flag)
		}
		return nil, only
	}
	return l.flagNames(), only
}

// values are those of a flag, by the command's own word or the list of all.
func (l *typedLine) values(flag *pflag.Flag) ([]string, cobra.ShellCompDirective) {
	complete, ok := l.command.GetFlagCompletionFunc(flag.Name)
	if !ok {
		complete, ok = l.app.flagValues()[flag.Name]
	}
	if !ok {
		return nil, only
	}
	return complete(l.command, l.args, l.word)
}

// flagNames are the flags that can still be given.
func (l *typedLine) flagNames() []string {
	var names []string
	l.flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || flag.Deprecated != "" || flag.Changed && !repeatable(flag) {
			return
		}
		_, usage := pflag.UnquoteUsage(flag)
		names = append(names, cobra.CompletionWithDesc("--"+flag.Name, usage))
		if flag.Shorthand != "" && l.word == "-" {
			names = append(names, cobra.CompletionWithDesc("-"+flag.Shorthand, usage))
		}
	})
	return names
}

func repeatable(flag *pflag.Flag) bool {
	_, several := flag.Value.(pflag.SliceValue)
	return several
}

// arguments are the sub-commands, or what the command itself takes.
func (l *typedLine) arguments() ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, sub := range l.command.Commands() {
		if len(l.args) == 0 && !l.dashed && (sub.IsAvailableCommand() || sub.Name() == "help") {
			names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	if l.command.ValidArgsFunction == nil {
		return names, only
	}
	more, directive := l.command.ValidArgsFunction(l.command, l.args, l.word)
	if !l.dashed {
		more = having(more, "-", func(text, dash string) bool { return !strings.HasPrefix(text, dash) })
	}
	return append(names, more...), directive
}
