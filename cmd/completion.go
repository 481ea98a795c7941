package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/completion"
	"assume-role/internal/nearest"
)

func newCompletion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the script that completes command lines in a shell",
		Long: `Print a script for SHELL (bash, zsh, fish or powershell) with which TAB
completes commands, flags and their values, and profiles with what they are;
behind the profile of exec, the command's own words, by that command's own
completion. What is offered comes from the AWS files and the index: no keyring
is opened and nothing is called.`,
		Example: `  . <(assume-role completion bash)                                                   # in ~/.bashrc
  . <(assume-role completion zsh)                                                    # in ~/.zshrc
  assume-role completion fish | source                                               # in ~/.config/fish/config.fish
  assume-role completion powershell | Out-String | Invoke-Expression                 # in $PROFILE`,
		Args:              oneShell,
		ValidArgsFunction: completeShell,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			script, _ := completion.Script(args[0])
			_, err := fmt.Fprint(a.host.Out, script)
			return err
		},
	}
}

func oneShell(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if _, ok := completion.Script(args[0]); !ok || len(args) > 1 {
		return usage("no completion for %q: %s", strings.Join(args, " "), nearest.OneOf(completion.Names(), args[0]))
	}
	return nil
}

func completeShell(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return completion.Names(), only
}
