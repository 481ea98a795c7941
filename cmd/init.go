package cmd

import (
	"bytes"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/completion"
	"assume-role/internal/nearest"
	"assume-role/internal/shells"
	"assume-role/internal/terminal"
)

func newInit(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "init SHELL",
		Short: "Print the function assume, for the shell's own session",
		Long: `Print the function assume for SHELL:
` + strings.Join(shells.Names(), ", ") + `;
in bash, zsh, fish and PowerShell also what completes it and assume-role.
Nothing is written: put the line of your shell into its start-up file yourself.

` + string(startUpLines()) + `
Then, in that shell:

  assume PROFILE     take on the profile's credentials, with export's flags
  assume             choose the profile from a list
  assume --refresh   renew the session, with the same flags
  assume -c          open the AWS console, with console's flags
  assume --unset     put everything back as it was before the first assume`,
		Example:           "  eval \"$(assume-role init bash)\"\n  assume-role init fish | source",
		Args:              oneShellAtMost,
		ValidArgsFunction: completeShells,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.runInit(firstOf(args...))
		},
	}
}

func completeShells(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return shells.Names(), cobra.ShellCompDirectiveNoFileComp
}

func oneShellAtMost(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("one SHELL at most, not %d", len(args))
	}
	if len(args) == 0 {
		return nil
	}
	if _, ok := shells.Lookup(args[0]); ok {
		return nil
	}
	if meant, ok := shells.Suggested(args[0]); ok {
		return usage("no integration for %q: did you mean %s?", args[0], meant.Name)
	}
	return usage("no integration for %q: %s", args[0],
		nearest.Hint(shells.Names(), args[0], "one of "+strings.Join(shells.Names(), ", ")))
}

func (a *app) runInit(name string) error {
	if name == "" {
		return a.nameShells()
	}
	shell, _ := shells.Lookup(name)
	program, err := ownPath()
	if err != nil {
		return err
	}
	if a.host.OutTerminal {
		a.note("this printed a function to the terminal: put this line into " + shell.File + ": " + shell.Line)
	}
	script, _ := completion.Script(name)
	_, err = fmt.Fprint(a.host.Out, shell.Integration(program), script)
	return err
}

// nameShells answers a person who named no shell.
func (a *app) nameShells() error {
	if !a.host.OutTerminal {
		return usage("which SHELL? one of %s", strings.Join(shells.Names(), ", "))
	}
	_, err := fmt.Fprintf(a.host.Out, "Put the line of your shell into its start-up file:\n\n%s\n%s\n", startUpLines(), a.suggestion())
	return err
}

func (a *app) suggestion() string {
	program := a.host.Getenv("SHELL")
	shell, ok := shells.Suggested(program)
	switch {
	case program == "":
		return "$SHELL is not set, so it suggests none of them."
	case !ok:
		return "$SHELL is " + terminal.Visible(program) + ", which is none of them."
	}
	return "$SHELL is " + terminal.Visible(program) + ": " + shell.Name + "."
}

func startUpLines() []byte {
	var text bytes.Buffer
	for _, s := range shells.List() {
		fmt.Fprintf(&text, "  %s, in %s:\n    %s\n", s.Name, s.File, s.Line)
	}
	return text.Bytes()
}

// ownPath is the path that this program was called by: unlike the file that
// runs, a link to it stays when a package manager puts a new version there.
func ownPath() (string, error) {
	if called, err := osexec.LookPath(os.Args[0]); err == nil {
		return filepath.Abs(called)
	}
	return os.Executable()
}
