package cmd

import "github.com/spf13/cobra"

func newStatus(a *app) *cobra.Command {
	var asJSON, forPrompt bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show this shell's session, and every cached one",
		Long: `Show the session that this shell is in, by its variables, and every session in
the cache with the time it has left, by the index beside the cache. Nothing is
called, no keyring is opened and no file of AWS's is read. A session that has
expired is shown only where this shell is still in it.

--prompt prints the session of this shell alone, such as "prod 42m" or "prod
expired", by its variables, and nothing outside of one. It is safe in a prompt
of every shell: a character of the profile's name that a shell or a terminal
would take for more than itself is its number in brackets.`,
		Example: "  assume-role status\n  assume-role status --json\n  PS1='$(assume-role status --prompt) \\w \\$ '",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return a.runStatus(asJSON, forPrompt) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.Flags().BoolVar(&forPrompt, "prompt", false, "print a few words for the prompt of a shell")
	return c
}

func (a *app) runStatus(asJSON, forPrompt bool) error {
	switch {
	case forPrompt && asJSON:
		return usage("--json and --prompt exclude each other")
	case forPrompt:
		return a.printPrompt()
	}
	s := a.statusNow()
	if asJSON {
		return a.printJSON(s.json())
	}
	return s.print(a.host.Out, a.screen())
}
