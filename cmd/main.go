// Package cmd is the command line: one file a command, flags in, exit status
// out. It alone uses cobra and viper, reads the process's environment and
// streams, and prints.
package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/keystore"
	"assume-role/internal/mfa"
	"assume-role/internal/waiting"
)

// Main runs the command line and returns the exit status: 0 done, 1 failed, 2
// wrong usage, 130 interrupted; for exec the child's own, or 125 to 127 where
// no child ran, as env(1) and timeout(1) do.
func Main(host Host, args []string) int {
	a := newApp(host)
	if words, describe, asked := completionAsked(args); asked {
		return a.complete(words, describe)
	}
	args = a.commandFirst(args)
	a.args = args
	root := a.root(args)
	words := explicitDash(root, args)
	if ran, err := dashedTwice(root, words); err != nil {
		return a.finish(ran, err)
	}
	root.SetArgs(words)
	ran, err := root.ExecuteContextC(waiting.With(newInterruptible(), a.progress))
	return a.finish(ran, err)
}

// entry is one command and how it is built.
type entry struct {
	name  string
	build func(*app) *cobra.Command
}

// commandGroup is what --help lists under one title: commands for one purpose.
type commandGroup struct {
	title    string
	commands []entry
}

// setUp is the group of what is used once, and of help.
const setUp = "Set up"

// commandGroups are all commands. Within a group --help sorts them by name.
func commandGroups() []commandGroup {
	return []commandGroup{
		{"Use credentials", []entry{
			{"exec", newExec}, {"export", newExport}, {"credential-process", newCredentialProcess}, {"serve", newServe}, {"warm", newWarm},
			{"console", newConsole}, {"request", newRequest}, {"eks-token", newEKSToken}, {"assume", newAssume},
		}},
		{"Sign in, and end sessions", []entry{
			{"login", newLogin}, {"logout", newLogout}, {"sso", newSSO}, {"clear-cache", newClearCache}, {"revoke", newRevoke},
		}},
		{"Keep keys", []entry{
			{"add", newAdd}, {"import", newImport}, {"remove", newRemove}, {"rotate", newRotate}, {"keyring", newKeyring}, {"mfa", newMFA},
		}},
		{"See what there is", []entry{
			{"list", newList}, {"explain", newExplain}, {"status", newStatus}, {"whoami", newWhoami}, {"doctor", newDoctor}, {"config", newConfig},
		}},
		{setUp, []entry{{"init", newInit}, {"completion", newCompletion}, {"version", newVersion}}},
	}
}

func commands() []entry {
	var all []entry
	for _, group := range commandGroups() {
		all = append(all, group.commands...)
	}
	return all
}

// root builds the tree. A command gets its flags when it is built, which costs
// as much as running a warm one: where the first word names a command, only
// that one is built.
func (a *app) root(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "assume-role",
		Short: "Run commands with the credentials of any AWS profile",
		Long: `assume-role resolves an AWS profile exactly as AWS defines it, asks STS for
sessions with at most one MFA code, keeps them in the keyring of the operating
system, and becomes your command, prints what your shell needs, or serves what
SDKs ask for. It signs in, opens the console, replaces keys and ends sessions.`,
		Example: `  assume-role exec prod -- terraform plan
  eval "$(assume-role export prod)"
  assume-role sso login
  assume-role serve dev prod
  assume-role clear-cache`,
		SilenceErrors: true, SilenceUsage: true,
		Args:              cobra.ArbitraryArgs,
		PersistentPreRunE: func(c *cobra.Command, _ []string) error { return refuseEmpty(c.Flags()) },
		RunE:              a.runRoot,
	}
	root.SetIn(a.host.In)
	root.SetOut(a.host.Out)
	root.SetErr(a.host.Err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return misusedFlag(err, flagNames(c)) })
	root.SetUsageFunc(printUsage)
	a.registerGlobalFlags(root)
	root.CompletionOptions.DisableDefaultCmd = true // completion is a command of ours
	for _, c := range commands() {
		if len(args) > 0 && args[0] == c.name {
			root.AddCommand(c.build(a))
			return root
		}
	}
	a.addGroups(root)
	// Cobra's own flag wants a template, and text/template keeps the linker from
	// leaving out what nobody calls: a sixth of the program.
	root.Flags().BoolP(versionFlag, "v", false, "version for assume-role")
	a.addDefaults(root)
	return root
}

func (a *app) addGroups(root *cobra.Command) {
	for _, group := range commandGroups() {
		root.AddGroup(&cobra.Group{ID: group.title, Title: group.title})
		for _, e := range group.commands {
			c := e.build(a)
			c.GroupID = group.title
			root.AddCommand(c)
		}
	}
}

// addDefaults adds cobra's own command help, which by itself takes any word for
// one that asks for help.
func (a *app) addDefaults(root *cobra.Command) {
	root.SetHelpCommandGroupID(setUp)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Args = a.aCommand
		}
	}
}

func (a *app) aCommand(help *cobra.Command, args []string) error {
	if c, rest, err := help.Root().Find(args); err == nil && (c != help.Root() || len(rest) == 0) {
		return nil
	}
	return a.unknownCommand(help.Root(), args[0])
}

const versionFlag = "version"

// runRoot is a run without a command's word.
func (a *app) runRoot(root *cobra.Command, args []string) error {
	switch asked, _ := root.Flags().GetBool(versionFlag); {
	case asked:
		return a.printVersion()
	case len(args) == 0:
		return root.Help()
	}
	return a.unknownCommand(root, args[0])
}

func (a *app) registerGlobalFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.flags.keyringBackend, "keyring-backend", "", "`BACKEND` that keeps secrets: "+strings.Join(keystore.Backends(), ", "))
	flags.BoolVar(&a.flags.debug, "debug", false, "say on stderr what is being done; never a secret")
	flags.BoolVar(&a.flags.noPrompt, "no-prompt", false, "fail with a clear error instead of asking")
	flags.StringVar(&a.flags.mfaPrompt, "mfa-prompt", "", "`WAY` to get an MFA code: "+strings.Join(mfa.Drivers(), ", "))
	flags.BoolVar(&a.flags.quiet, "quiet", false, "no notes on stderr, errors only")
}
