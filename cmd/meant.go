package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/nearest"
	"assume-role/internal/terminal"
)

// unknownCommand names what was meant: a profile's name stands behind exec.
func (a *app) unknownCommand(root *cobra.Command, word string) error {
	if ours := commandElsewhere(word); ours != "" {
		return usage("unknown command %q: it is %s here", word, ours)
	}
	var profiles []string
	if config, _ := a.config(); config != nil {
		profiles = config.Names()
	}
	if slices.Contains(profiles, word) {
		return usage("unknown command %q: did you mean exec %s?", word, terminal.Visible(word))
	}
	near := nearest.Names(subcommands(root), word)
	if len(near) == 0 {
		for _, name := range nearest.Names(profiles, word) {
			near = append(near, "exec "+terminal.Visible(name))
		}
	}
	return withHint(usage("unknown command %q", word), near)
}

// noSubcommand refuses a word behind a command that has commands of its own.
func noSubcommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return withHint(usage("%s has no command %q", c.Name(), args[0]), nearest.Names(subcommands(c), args[0]))
}

// subcommands are the words that may follow a command.
func subcommands(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

func withHint(err error, near []string) error {
	if hint := nearest.Question(near, ""); hint != "" {
		return usage("%s: %s", err, hint)
	}
	return err
}

// commandElsewhere is what aws-vault, granted and the AWS CLI call by a word
// that is no command here, or "".
func commandElsewhere(word string) string {
	switch word {
	case "clear":
		return "clear-cache"
	case "ls", "profiles":
		return "list"
	case "rm", "delete":
		return "remove"
	case "env", "eval", "export-credentials", "print":
		return "export"
	case "run", "shell":
		return "exec"
	case "open":
		return "console"
	case "unset", "unassume":
		return "export --unset"
	case "get-caller-identity":
		return "whoami"
	case "configure":
		return "add for keys, sso login for a sign-in"
	case "proxy", "server", "daemon":
		return "serve, or exec --server"
	case "settings":
		return "config"
	}
	return ""
}

// meantFlag says what a flag stands for that is none of those known, given
// without its dashes; "" where nothing is near.
func meantFlag(name string, known []string) string {
	ours, advice := flagElsewhere(name)
	switch {
	case ours != "" && slices.Contains(known, ours):
		return "it is --" + ours + " here"
	case advice != "":
		return advice
	}
	if len(name) == 1 { // one letter is near to everything
		return ""
	}
	near := nearest.Names(known, name)
	for i := range near {
		near[i] = "--" + near[i]
	}
	return nearest.Question(near, "")
}

// flagNames are the flags that may follow a command. Before the name of one
// all flags are, as it is not known yet which is meant.
func flagNames(c *cobra.Command) []string {
	sets := []*pflag.FlagSet{c.Flags(), c.InheritedFlags()}
	if !c.HasParent() {
		for _, sub := range c.Commands() {
			sets = append(sets, sub.Flags())
		}
	}
	return namesOf(sets...)
}

func namesOf(sets ...*pflag.FlagSet) []string {
	var names []string
	for _, set := range sets {
		set.VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && !slices.Contains(names, f.Name) {
				names = append(names, f.Name)
			}
		})
	}
	return names
}

// flagElsewhere is what aws-vault, granted and the AWS CLI call by a flag that
// no command has here: the flag of ours, which a command may have, and else
// advice.
func flagElsewhere(name string) (ours, advice string) {
	switch name {
	case "backend":
		return "keyring-backend", ""
	case "prompt":
		return "mfa-prompt", ""
	case "ec2-server", "ec2":
		return "imds", "exec has --imds"
	case "ecs", "lazy":
		return "server", "exec has --server"
	case "token-code":
		return "mfa-token", ""
	case "serial-number":
		return "mfa-serial", ""
	case "role-session-name":
		return "session-name", ""
	case "duration-seconds", "session-ttl", "assume-role-ttl", "session-duration":
		return "duration", ""
	case "verbose":
		return "debug", ""
	case "output":
		return "format", ""
	case "account":
		return "expect-account", ""
	case "force", "f":
		return "yes", ""
	case "stdout":
		return "print", "to sign a browser in to the console: console PROFILE --print"
	}
	return "", adviceElsewhere(name)
}

// adviceElsewhere is flagElsewhere for what is no flag here at all.
func adviceElsewhere(name string) string {
	switch name {
	case "profile", "p":
		return "PROFILE is a word of its own, without a flag"
	case "json", "j":
		return "for JSON use export --format json, or credential-process"
	case "un", "unset":
		return "to leave a role: export --unset"
	case "exec", "e":
		return "to run a command: exec PROFILE -- CMD"
	case "c", "console":
		return "to open the console: console PROFILE"
	case "export", "env":
		return "to write credentials into a file: export --format ini, or --format dotenv"
	case "profiles", "sessions", "credentials":
		return "for a program: list --json, or status --json"
	case "keychain", "file-dir", "pass-dir", "pass-cmd", "pass-prefix", "secret-service-collection":
		return "where secrets are kept is a setting: assume-role config"
	}
	return ""
}

// dashedTwice is singleDash for the command that the words name.
func dashedTwice(root *cobra.Command, words []string) (*cobra.Command, error) {
	if !slices.ContainsFunc(words, isGroup) {
		return root, nil
	}
	c, rest, err := root.Find(words)
	if err != nil {
		return root, nil // it has a message of its own
	}
	flags := pflag.NewFlagSet(c.Name(), pflag.ContinueOnError)
	flags.AddFlagSet(c.Flags())
	flags.AddFlagSet(root.PersistentFlags())
	return c, singleDash(rest, flags)
}

// singleDash refuses a long flag that was given one dash, which the parser
// takes for a group of letters: -region eu-west-1 would ask for the region
// "egion".
func singleDash(words []string, flags *pflag.FlagSet) error {
	for i := 0; i < len(words) && words[i] != "--"; i++ {
		word := words[i]
		if !strings.HasPrefix(word, "-") {
			continue
		}
		name, _, _ := strings.Cut(word[1:], "=")
		if meant := longFlag(name, flags); isGroup(word) && meant != "" {
			return usage("-%s is no flag: did you mean --%s?", name, meant)
		}
		if takesNext(word, flags) {
			i++
		}
	}
	return nil
}

// isGroup tells letters behind one dash.
func isGroup(word string) bool {
	return len(word) > 2 && word[0] == '-' && word[1] != '-'
}

// shortestMisspelt is how long a name has to be for letters behind one dash to
// count as that name misspelt.
const shortestMisspelt = 6

// longFlag is the flag of that name, or of nearly that name, or "".
func longFlag(name string, flags *pflag.FlagSet) string {
	if flags.Lookup(name) != nil {
		return name
	}
	meant := ""
	flags.VisitAll(func(f *pflag.Flag) {
		if len(name) >= shortestMisspelt && nearest.Within(1, name, f.Name) {
			meant = f.Name
		}
	})
	return meant
}
