package cmd

import "github.com/spf13/cobra"

func newStatus(a *app) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show the session of this shell, and every cached one with the time left",
		Long: `Show the session that this shell is in, by its variables, and every session in
the cache with the time it has left, by the index beside the cache. Nothing is
called, no keyring is opened and no file of AWS's is read. A session that has
expired is shown only where this shell is still in it.`,
		Example: "  assume-role status\n  assume-role status --json",
		Args:    noArguments,
		RunE:    func(*cobra.Command, []string) error { return a.runStatus(asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) runStatus(asJSON bool) error {
	s := a.statusNow()
	if asJSON {
		return a.printJSON(s.json())
	}
	return s.print(a.host.Out, a.screen())
}
