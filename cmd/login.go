package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

type loginOptions struct {
	profile, region     string
	remote, yes, dryRun bool
}

func newLogin(a *app) *cobra.Command {
	opts := &loginOptions{}
	c := &cobra.Command{
		Use:   "login [PROFILE]",
		Short: "Sign in with the AWS console's sign-in, as aws login does",
		Long: `Sign in as an IAM user, the root user or a federated role, the way you sign in
to the AWS console. The session lasts up to 12 hours and goes where the AWS CLI
keeps it, so that one sign-in serves both; PROFILE, which need not exist yet,
gets its login_session, which is shown before it is written.

A browser is opened. Over SSH, without a browser and with --remote, an address
is shown to be opened on any machine, and the code from its last page is asked
for.`,
		Example:           "  assume-role login\n  assume-role login dev --region eu-west-1\n  assume-role login dev --remote",
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runLogin(c.Context(), opts)
		},
	}
	flags := c.Flags()
	flags.BoolVar(&opts.remote, "remote", false, "the browser is on another machine: show the address, ask for the code")
	flags.StringVarP(&opts.region, "region", "r", "", "`REGION` to sign in to, which a profile without one gets")
	flags.BoolVarP(&opts.yes, "yes", "y", false, "do not ask before the profile changes to another identity")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "show what the config would get, and do nothing")
	return c
}

func (a *app) runLogin(ctx context.Context, opts *loginOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	if opts.profile, err = a.loginProfile(opts.profile); err != nil {
		return err
	}
	plan, err := a.planLogin(ctx, opts, settings)
	if err != nil {
		return err
	}
	change, err := a.loginChange(plan, "ARN-OF-WHO-SIGNS-IN", opts)
	if err != nil || opts.dryRun {
		return a.showDryRun(change, err)
	}
	grant, err := a.signInTo(ctx, &plan.Source, settings, opts.remote)
	if err != nil {
		return err
	}
	return a.adopt(ctx, opts, settings, grant)
}

// signInTo signs a person in. With a browser here it takes no terminal.
func (a *app) signInTo(ctx context.Context, source *profile.Source, settings Settings, remote bool) (*login.Grant, error) {
	if settings.Prompt == "never" {
		return nil, fault.New("", "a sign-in needs a person, and prompts are turned off").Fix("run it on a terminal, without --no-prompt")
	}
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return nil, err
	}
	tty, err := a.openDevice()
	if err != nil {
		tty = nil
	} else {
		defer tty.Close()
	}
	return assumer.SignInLogin(ctx, source, a.loginPerson(tty, settings, source, remote))
}

// loginProfile is the profile that was named, else the one of the environment,
// else default.
func (a *app) loginProfile(name string) (string, error) {
	if strings.HasPrefix(name, "arn:") {
		return "", usage("PROFILE must be a name: the profile gets the session of whoever signs in")
	}
	if name == "" {
		name, _ = profile.Named(a.host.Getenv)
	}
	return firstOf(name, "default"), nil
}

// planLogin finds out where to sign in, and asks where nothing says so.
func (a *app) planLogin(ctx context.Context, opts *loginOptions, settings Settings) (*profile.SignIn, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	request := a.request(settings)
	request.Profile, request.Overrides.Region = opts.profile, opts.region
	plan, err := profile.PlanSignIn(config, request)
	if err != nil || plan.Region != "" {
		return plan, err
	}
	if opts.region, err = a.askRegion(ctx, opts.profile); err != nil {
		return nil, err
	}
	request.Overrides.Region = opts.region
	return profile.PlanSignIn(config, request)
}

// usualRegion is what the AWS CLI proposes.
const usualRegion = "us-east-1"

func (a *app) askRegion(ctx context.Context, name string) (string, error) {
	tty, err := a.openTerminal("a region to sign in to", "give --region, or set the region of profile "+oneLine(name))
	if err != nil {
		return "", err
	}
	defer tty.Close()
	answer, err := tty.Ask(ctx, "AWS region to sign in to, and to keep in the profile ["+usualRegion+"]: ")
	return firstOf(strings.TrimSpace(answer), usualRegion), err
}

// loginPerson is whoever is at the terminal; without one, only a browser here
// can be used. Over SSH the person's browser is elsewhere, and so it is where
// there is none.
func (a *app) loginPerson(tty *terminal.Terminal, settings Settings, source *profile.Source, remote bool) login.Person {
	opener := a.opener(settings)
	p := login.Person{
		Elsewhere: remote || opener.Remote() || opener.Usable() != nil,
		Note:      a.stderr, Open: opener.Open, Peer: a.sameUser(opener), Paste: a.pasteCode(tty),
	}
	p.Show = func(address string) { a.stderrLines(invitation(source, p.Elsewhere) + "\n\n" + address + "\n") }
	return p
}

// invitation says what the person shall do with the address that follows.
func invitation(source *profile.Source, elsewhere bool) string {
	who := ""
	if identity := source.Settings["login_session"].Text; identity != "" {
		who = ", as " + oneLine(identity)
	}
	where := "in the browser. If none opens, open this address on this machine:"
	if elsewhere {
		where = "with a browser on any machine, at this address:"
	}
	return fmt.Sprintf("Sign in to AWS for profile %q%s, %s", source.Profile, who, where)
}

// pasteCode asks for the code of a browser elsewhere.
func (a *app) pasteCode(tty *terminal.Terminal) func(context.Context) (creds.Secret, error) {
	return func(ctx context.Context) (creds.Secret, error) {
		if tty == nil {
			return "", fault.New("", "the code that the browser shows is needed, and there is no terminal to ask for it").
				Fix("run the sign-in on a terminal, or where a browser can be opened")
		}
		return tty.AskSecret(ctx, "Code that the browser shows (not echoed): ")
	}
}

// showDryRun prints the change that was prepared.
func (a *app) showDryRun(change *loginEdit, err error) error {
	if err != nil {
		return err
	}
	if !change.file.Changed() {
		_, err = fmt.Fprintln(a.host.Out, "the config would stay as it is, unless another identity signs in")
		return err
	}
	return a.showDiff(change.file)
}
