package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

type logoutOptions struct {
	profile string
	all     bool
}

func newLogout(a *app) *cobra.Command {
	opts := &logoutOptions{}
	c := &cobra.Command{
		Use:   "logout [PROFILE]",
		Short: "Forget the session of aws login that a profile uses",
		Long: `Remove the session of aws login that PROFILE uses from this machine, or with
--all every such session, as aws logout does. AWS has no call that ends one:
credentials that were handed out live up to 15 more minutes. The profile stays.`,
		Example:           "  assume-role logout dev\n  assume-role logout --all",
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeLogin,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runLogout(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.all, "all", false, "every session of aws login on this machine")
	return c
}

// livesOn is what a sign-out does not end.
const livesOn = "credentials that were handed out live up to 15 more minutes"

func (a *app) runLogout(ctx context.Context, opts *logoutOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	if opts.all && opts.profile != "" {
		return usage("--all is every profile's session: leave out PROFILE")
	}
	if opts.all {
		return a.logoutAll(ctx, settings)
	}
	if opts.profile, err = a.loginProfile(opts.profile); err != nil {
		return err
	}
	source, err := a.signedInSource(opts.profile, settings)
	if err != nil {
		return err
	}
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return err
	}
	was, err := assumer.LoginSession(source).SignOut(ctx)
	if err != nil {
		return err
	}
	identity := oneLine(source.Settings["login_session"].Text)
	if !was {
		_, err = fmt.Fprintf(a.host.Out, "nobody was signed in as %s\n", identity)
		return err
	}
	_, err = fmt.Fprintf(a.host.Out, "signed out %s: %s\n", identity, livesOn)
	return err
}

// signedInSource is a profile that has, or had, a session.
func (a *app) signedInSource(name string, settings Settings) (*profile.Source, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	if _, err := config.Profile(name); err != nil {
		return nil, err
	}
	request := a.request(settings)
	request.Profile = name
	plan, err := profile.PlanSignIn(config, request)
	if err != nil {
		return nil, err
	}
	if plan.Source.Settings["login_session"].Text == "" {
		return nil, fault.New(fault.NoCredentials, "it has no login_session, so nobody can be signed out of it").
			In(name).Fix("sign in with: %s", profile.LoginCommand(name))
	}
	return &plan.Source, nil
}

func (a *app) logoutAll(ctx context.Context, settings Settings) error {
	source := &profile.Source{Kind: profile.Login}
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return err
	}
	n, err := assumer.LoginSession(source).SignOutAll(ctx)
	if err != nil {
		return err
	}
	text := "nobody was signed in"
	if n > 0 {
		text = "signed out of " + count(n, "session") + ": " + livesOn
	}
	_, err = fmt.Fprintln(a.host.Out, text)
	return err
}
