package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"assume-role/internal/exec"
	"assume-role/internal/fault"
)

type execOptions struct {
	credentials credentialFlags
	server      execServerFlags
	profiles    profilesFlags
	profile     string
	command     []string
}

func newExec(a *app) *cobra.Command {
	opts := &execOptions{}
	c := &cobra.Command{
		Use:   "exec [PROFILE] [flags] -- CMD [ARG...]",
		Short: "Run a command with a profile's credentials",
		Long: `Run CMD with the credentials of PROFILE in its environment. Without CMD, start a
shell, which says whose credentials it has, until when, and how to leave. The
first word after PROFILE that is not a flag starts CMD; -- says so explicitly,
and is needed where PROFILE is left out: then a variable names it, or you choose
it from a list.

With --server CMD gets an address in place of keys, where its SDKs fetch the
next session before one ends; with --profiles, a config file in which each of
those profiles asks this tool. Then the tool stays as CMD's parent; else CMD
replaces it, but on Windows.

The exit status is CMD's own; 125 when no credentials could be had, 126 when
CMD cannot be run, 127 when it is not found.`,
		Example: `  assume-role exec prod -- terraform plan
  assume-role exec prod --duration 4h -- ./deploy.sh
  assume-role exec arn:aws:iam::123456789012:role/audit --source-profile base -- aws s3 ls
  assume-role exec --server prod -- ./migrate.sh
  assume-role exec --profiles dev,prod -- terraform plan
  assume-role exec prod`,
		Args: func(c *cobra.Command, args []string) error {
			if words := beforeDash(c, args); words > 1 {
				return usage("one PROFILE, not %d words, before --", words)
			}
			return noneBlank(args[:beforeDash(c, args)])
		},
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			words := beforeDash(c, args)
			opts.profile, opts.command = firstOf(args[:words]...), args[words:]
			return a.runExec(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.credentials.registerPick(c)
	opts.server.register(c)
	opts.profiles.register(a, c)
	return c
}

func beforeDash(c *cobra.Command, args []string) int {
	if at := c.ArgsLenAtDash(); at >= 0 {
		return at
	}
	return len(args)
}

func (a *app) runExec(ctx context.Context, opts *execOptions) error {
	words := opts.command
	if len(words) == 0 {
		words = []string{exec.Shell(a.host.Environ, a.host.GOOS)}
	}
	if opts.profiles.wanted() {
		return a.execProfiles(ctx, opts, words)
	}
	if opts.server.wanted() {
		return a.execServed(ctx, opts, words)
	}
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForPeople)
	if err != nil {
		return err
	}
	if err := a.confirmed(ctx, s, words...); err != nil {
		return err
	}
	changes := a.handover(s)
	for _, note := range changes.Notes {
		a.note(note)
	}
	a.welcome(opts, func() []string { return append(who(a.grant(s)), a.lasting(a.grant(s))) })
	return a.become(ctx, words, changes.Environ(a.host.Environ))
}

// become turns this process into the command.
func (a *app) become(ctx context.Context, words, env []string) error {
	command, err := exec.Find(words, env)
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return fault.ErrInterrupted
	}
	status, err := exec.Become(command, a.host.Stdio)
	if err != nil {
		return err
	}
	return exitStatus(status)
}
