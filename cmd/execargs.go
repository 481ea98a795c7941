package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandFirst moves flags that stand before the command's name behind it,
// where they mean the same: `assume-role --region R exec P` is `assume-role
// exec --region R P`. cobra by itself knows only the flags of every command
// there, and takes a switch's next word for its value.
func (a *app) commandFirst(args []string) []string {
	if len(args) == 0 || !strings.HasPrefix(args[0], "-") {
		return args
	}
	for i, word := range args {
		if isCommand(word) && firstWord(args, allFlags(a.root([]string{word}), word)) == i {
			return slices.Concat([]string{word}, args[:i], args[i+1:])
		}
	}
	return args
}

func isCommand(word string) bool {
	return slices.ContainsFunc(commands(), func(e entry) bool { return e.name == word })
}

// allFlags are the flags that may follow a command's name.
func allFlags(root *cobra.Command, name string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	if command, _, err := root.Find([]string{name}); err == nil {
		flags.AddFlagSet(command.Flags())
	}
	flags.AddFlagSet(root.PersistentFlags())
	return flags
}

// explicitDash puts the `--` into `exec PROFILE CMD ARG…` where the user left
// it out: the first word after PROFILE that is not a flag starts CMD, and all
// that follows is CMD's, flags included. Other commands pass unchanged.
func explicitDash(root *cobra.Command, args []string) []string {
	if len(args) == 0 || args[0] != "exec" {
		return args
	}
	flags := allFlags(root, "exec")
	profile := 1 + firstWord(args[1:], flags)
	if profile >= len(args) || args[profile] == "--" {
		return args
	}
	child := profile + 1 + firstWord(args[profile+1:], flags)
	if child >= len(args) || args[child] == "--" {
		return args
	}
	return slices.Concat(args[:child], []string{"--"}, args[child:])
}

// firstWord is the index of the first argument that is neither a flag nor a
// flag's value, or of `--`.
func firstWord(args []string, flags *pflag.FlagSet) int {
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" || arg == "-" || !strings.HasPrefix(arg, "-") {
			return i
		}
		if takesNext(arg, flags) {
			i++
		}
	}
	return len(args)
}

// takesNext reports whether the flag's value is the next argument.
func takesNext(arg string, flags *pflag.FlagSet) bool {
	if name, long := strings.CutPrefix(arg, "--"); long {
		flag := flags.Lookup(name)
		return flag != nil && flag.NoOptDefVal == ""
	}
	for i, letter := range arg[1:] {
		flag := flags.ShorthandLookup(string(letter))
		if flag == nil {
			return false
		}
		if flag.NoOptDefVal == "" {
			return i == len(arg[1:])-1
		}
	}
	return false
}
