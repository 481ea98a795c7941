package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"assume-role/internal/assume"
	"assume-role/internal/terminal"
)

type whoamiOptions struct {
	credentials credentialFlags
	profile     string
	json        bool
}

func newWhoami(a *app) *cobra.Command {
	opts := &whoamiOptions{}
	c := &cobra.Command{
		Use:               "whoami [PROFILE]",
		Short:             "Show whom AWS takes the profile for (GetCallerIdentity)",
		Long:              `Get the credentials of PROFILE and ask STS whose they are.`,
		Example:           "  assume-role whoami prod\n  assume-role whoami prod --json",
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runWhoami(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.credentials.registerPick(c)
	c.Flags().BoolVar(&opts.json, "json", false, "print JSON")
	return c
}

func (a *app) runWhoami(ctx context.Context, opts *whoamiOptions) error {
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForPeople)
	if err != nil {
		return err
	}
	id, err := s.assumer.Identity(ctx, s.chain.Profile, s.chain.STS, s.credentials)
	if err != nil {
		return err
	}
	if opts.json {
		return a.printJSON(map[string]string{"account": id.Account, "arn": id.ARN, "user_id": id.UserID})
	}
	_, err = io.WriteString(a.host.Out, identityTable(id).on(a.screen()))
	return err
}

func identityTable(id assume.Identity) table {
	var t table
	for _, line := range [][2]string{{"account", id.Account}, {"arn", id.ARN}, {"user id", id.UserID}} {
		t.rows = append(t.rows, []cell{{text: line[0]}, {text: terminal.Visible(line[1])}})
	}
	return t
}
