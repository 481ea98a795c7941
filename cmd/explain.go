package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"assume-role/internal/profile"
)

type explainOptions struct {
	chain   credentialFlags
	profile string
	json    bool
}

func newExplain(a *app) *cobra.Command {
	opts := &explainOptions{}
	c := &cobra.Command{
		Use:   "explain [PROFILE]",
		Short: "Show what a profile resolves to, with file and line",
		Long: `Show every step from the first credentials to the profile's own: each setting
with its file and line, why the session lasts as long as it does, whether it is
in the cache, and where an MFA code will be asked for. Nothing is called, no
program is run and no keyring opened.`,
		Example:           "  assume-role explain prod\n  assume-role explain prod --json",
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runExplain(c.Context(), opts)
		},
	}
	opts.chain.registerChain(a, c)
	opts.chain.registerPick(c)
	c.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return c
}

func (a *app) runExplain(ctx context.Context, opts *explainOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	chain, how, err := a.resolve(ctx, opts.profile, &opts.chain, settings)
	if err != nil {
		return err
	}
	e, err := a.explain(chain, how, &opts.chain, settings)
	if err != nil {
		return err
	}
	a.notesOf(chain)
	if opts.json {
		return a.printJSON(e.json())
	}
	return e.print(a.host.Out, a.screen())
}

// explanation is a chain as explain shows it, to people and to programs.
type explanation struct {
	chain *profile.Chain
	// how says why it is this profile, where none was named.
	how string
	// address is where STS is called.
	address string
	// settings are the chain's own: region, endpoints, guards.
	settings []shownSetting
	steps    []shownStep
	// configured are the settings that the profile and variables both can
	// give.
	configured []profile.Configured
	warnings   []profile.Lint
}
