package cmd

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"assume-role/internal/revoke"
)

type revokeOptions struct {
	credentials credentialFlags
	profile     string
	which       revoke.Sessions
	before      string
	using       string
	resource    string
	user        bool
	chain       bool
	undo        bool
	verify      bool
	printDeny   bool
	dryRun      bool
	yes         bool
	json        bool
}

func newRevoke(a *app) *cobra.Command {
	opts := &revokeOptions{}
	c := &cobra.Command{
		Use:   "revoke PROFILE",
		Short: "Make sessions that were issued already worthless",
		Long: `End all sessions of the role at the end of PROFILE's chain that were issued
before now, by the policy with which the IAM console revokes them, and forget
those kept here and by the AWS CLI. AWS heeds it within minutes. Who may assume
the role gets a new session. PROFILE may be a role's ARN, or the ARN of one of
its sessions. It asks first.`,
		Example: `  assume-role revoke prod
  assume-role revoke prod --session-name mary --verify
  assume-role revoke arn:aws:iam::123456789012:role/prod --using admin
  assume-role revoke base --user --before "2h ago"
  assume-role revoke prod --print-deny --session-name mary --for s3://bucket`,
		Args:              exactlyOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = args[0]
			if err := opts.check(c.Flags()); err != nil {
				return err
			}
			return a.runRevoke(c.Context(), opts)
		},
	}
	opts.register(a, c)
	return c
}

func (o *revokeOptions) register(a *app, c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&o.which.Name, "session-name", "", "only sessions of this name; with --user the federated user's")
	flags.StringVar(&o.which.SourceIdentity, "source-identity", "", "only sessions with this source identity")
	flags.StringVar(&o.before, "before", "", "sessions issued before this `TIME`: 2026-05-07T23:47:00Z or \"2h ago\" (default: now)")
	flags.StringVar(&o.using, "using", "", "`PROFILE` whose credentials make the change (default: those one step before the role)")
	flags.BoolVar(&o.user, "user", false, "the sessions made with the keys of the IAM user that the chain begins with")
	flags.BoolVar(&o.chain, "chain", false, "the sessions of every role of the chain")
	flags.BoolVar(&o.undo, "undo", false, "take the policy away: what it denied works again until it expires")
	flags.BoolVar(&o.verify, "verify", false, "prove with an older session kept here that AWS refuses it")
	flags.BoolVar(&o.printDeny, "print-deny", false, "print a resource policy that denies the sessions, and change nothing")
	flags.StringVar(&o.resource, "for", "", "with --print-deny: `RESOURCE` of the policy: s3://BUCKET, or the ARN of a bucket, KMS key or SQS queue")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show the calls and the policy, and make none")
	flags.BoolVarP(&o.yes, "yes", "y", false, "do not ask")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVarP(&o.credentials.mfaToken, "mfa-token", "t", "", "MFA code given ahead of time")
}

// check refuses flags that contradict each other, or that have nothing to do.
func (o *revokeOptions) check(flags *pflag.FlagSet) error {
	for _, pair := range [][2]string{
		{"user", "chain"}, {"user", "source-identity"}, {"session-name", "source-identity"},
		{"undo", "before"}, {"undo", "verify"}, {"dry-run", "verify"},
		{"print-deny", "chain"}, {"print-deny", "source-identity"}, {"print-deny", "before"}, {"print-deny", "using"},
		{"print-deny", "undo"}, {"print-deny", "verify"}, {"print-deny", "dry-run"}, {"print-deny", "json"},
	} {
		if flags.Changed(pair[0]) && flags.Changed(pair[1]) {
			return usage("--%s and --%s exclude each other", pair[0], pair[1])
		}
	}
	if o.resource != "" && !o.printDeny {
		return usage("--for is the resource of --print-deny")
	}
	return nil
}

func (a *app) runRevoke(ctx context.Context, opts *revokeOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	r := &revocation{app: a, revokeOptions: opts, settings: settings}
	if err := r.readName(); err != nil {
		return err
	}
	if opts.printDeny {
		return r.printDenial(ctx)
	}
	if err := r.readBefore(); err != nil {
		return err
	}
	if opts.dryRun {
		return r.rehearse()
	}
	targets, err := corrected(ctx, a, func() ([]*target, error) { return r.connect(ctx) })
	if err != nil {
		return err
	}
	if opts.undo {
		return r.undoAll(ctx, targets)
	}
	return r.revokeAll(ctx, targets)
}
