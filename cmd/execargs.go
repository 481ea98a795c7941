package cmd

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// explicitDash puts the `--` into `exec PROFILE CMD ARG…` where the user left
// it out: the first word after PROFILE that is not a flag starts CMD, and all
// that follows is CMD's, flags included. Other commands pass unchanged.
func explicitDash(root *cobra.Command, args []string) []string {
	start := firstWord(args, root.PersistentFlags())
	if start == len(args) || args[start] != "exec" {
		return args
	}
	command, _, err := root.Find([]string{"exec"})
	if err != nil {
		return args
	}
	flags := pflag.NewFlagSet("exec", pflag.ContinueOnError)
	flags.AddFlagSet(command.Flags())
	flags.AddFlagSet(root.PersistentFlags())
	profile := start + 1 + firstWord(args[start+1:], flags)
	if profile >= len(args) || args[profile] == "--" {
		return args
	}
	child := profile + 1 + firstWord(args[profile+1:], flags)
	if child >= len(args) || args[child] == "--" {
		return args
	}
	out := append([]string{}, args[:child]...)
	return append(append(out, "--"), args[child:]...)
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
