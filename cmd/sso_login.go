package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

type ssoLoginOptions struct {
	signInWays
	of, ssoRegion, name string
}

func newSSOLogin(a *app) *cobra.Command {
	opts := &ssoLoginOptions{}
	c := &cobra.Command{
		Use:   "login [PROFILE, SESSION or START-URL]",
		Short: "Sign in at IAM Identity Center",
		Long: `Sign in at IAM Identity Center, for a profile, an sso-session or an access
portal's start URL. The token goes where the AWS CLI keeps it, so that one
sign-in serves both. A browser is opened; over SSH, in WSL, without a browser
and with --device-code, a code is shown to be entered in any browser.

With a start URL the [sso-session] section is written first, and shown before.
With nothing: the profile that AWS_PROFILE names, or the config's only
sso-session, or a choice on the terminal.`,
		Example: `  assume-role sso login
  assume-role sso login prod --device-code
  assume-role sso login https://my-sso.awsapps.com/start --sso-region eu-west-1 --name corp`,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeSignIn,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.of = args[0]
			}
			return a.runSSOLogin(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.deviceCode, "device-code", false, "show a code to enter in any browser, on any machine")
	c.Flags().BoolVar(&opts.deviceCode, "use-device-code", false, "the same, as the AWS CLI spells it")
	c.Flags().BoolVar(&opts.noBrowser, "no-browser", false, "print the address and open nothing")
	c.Flags().StringVar(&opts.ssoRegion, "sso-region", "", "`REGION` of the Identity Center instance, beside a start URL")
	c.Flags().StringVar(&opts.name, "name", "", "`NAME` of the sso-session to write, beside a start URL")
	return c
}

func (a *app) runSSOLogin(ctx context.Context, opts *ssoLoginOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	if settings.Prompt == "never" {
		return fault.New("", "a sign-in needs a person, and prompts are turned off").Fix("run it on a terminal, without --no-prompt")
	}
	word, err := a.signInWord(ctx, opts)
	if err != nil {
		return err
	}
	config, err := a.config()
	if err != nil {
		return err
	}
	source, err := profile.PlanSSOSignIn(config, a.request(settings), word)
	if err != nil {
		return err
	}
	assumer, err := a.portalAssumer(ctx, source, settings)
	if err != nil {
		return err
	}
	tty, err := a.openDevice()
	if err == nil {
		defer tty.Close()
	} else {
		tty = nil // then stderr has to do
	}
	grant, err := assumer.SignInSSO(ctx, source, a.ssoPerson(tty, settings, opts.signInWays), true)
	if err != nil {
		return err
	}
	return a.saySignedIn(source, grant)
}

// portalAssumer reaches the services of a sign-in; it takes no session from a
// cache.
func (a *app) portalAssumer(ctx context.Context, source *profile.Source, settings Settings) (*assume.Assumer, error) {
	return a.assumer(ctx, &profile.Chain{Profile: source.Profile, Source: *source}, &credentialFlags{noCache: true}, settings, cache.Policy{})
}

// saySignedIn is the command's result.
func (a *app) saySignedIn(source *profile.Source, grant sso.Grant) error {
	until := grant.Until.Local().Format("2006-01-02 15:04 MST")
	more := ""
	if grant.Renewable {
		more = ", and renewed without you for as long as the sign-in lasts at AWS"
	}
	_, err := fmt.Fprintf(a.host.Out, "signed in at %s until %s%s\n", oneLine(portalName(source)), until, more)
	return err
}

// portalName is what people call a sign-in: the sso-session, else the start
// URL.
func portalName(source *profile.Source) string {
	if name := source.Settings["sso_session"].Text; name != "" {
		return name
	}
	return source.Settings["sso_start_url"].Text
}

// signInWord is what to sign in for. A start URL becomes an sso-session first.
func (a *app) signInWord(ctx context.Context, opts *ssoLoginOptions) (string, error) {
	switch {
	case isStartURL(opts.of):
		return a.describedSession(ctx, opts)
	case opts.ssoRegion != "" || opts.name != "":
		return "", usage("--sso-region and --name go with a start URL")
	case opts.of != "":
		return opts.of, nil
	}
	return a.onlySignIn(ctx)
}

// describedSession writes the section that the command line describes.
func (a *app) describedSession(ctx context.Context, opts *ssoLoginOptions) (string, error) {
	for _, missing := range []struct {
		text   *string
		prompt string
	}{
		{&opts.ssoRegion, "Region of the Identity Center instance: "},
		{&opts.name, "Name for the sso-session, of your choice: "},
	} {
		if err := a.askIfMissing(ctx, missing.text, missing.prompt); err != nil {
			return "", err
		}
	}
	section, err := newSSOSection(opts.of, opts.ssoRegion, opts.name)
	if err != nil {
		return "", err
	}
	if err := a.addSSOSection(section); err != nil {
		return "", err
	}
	a.config = sync.OnceValues(a.loadConfig) // as it is now
	return section.name, nil
}

// askIfMissing asks a person on a terminal. Without one the text stays empty,
// which is refused where it is checked.
func (a *app) askIfMissing(ctx context.Context, text *string, prompt string) error {
	if *text != "" {
		return nil
	}
	tty, err := a.openDevice()
	if err != nil {
		return nil
	}
	defer tty.Close()
	answer, err := tty.Ask(ctx, prompt)
	*text = strings.TrimSpace(answer)
	return err
}

// onlySignIn is what to sign in for where nobody said: what the profile named
// by the environment uses, else the config's only sign-in.
func (a *app) onlySignIn(ctx context.Context) (string, error) {
	config, err := a.config()
	if err != nil {
		return "", err
	}
	settings, err := a.settings()
	if err != nil {
		return "", err
	}
	if name, _ := profile.Named(a.host.Getenv); name != "" {
		if _, err := profile.PlanSSOSignIn(config, a.request(settings), name); err == nil {
			return name, nil
		}
	}
	names := signIns(config)
	switch len(names) {
	case 0:
		return "", fault.New(fault.NoSource, "the config has no sso-session, and no profile with sso_start_url").
			Fix("give the access portal's address: assume-role sso login START-URL --sso-region REGION --name NAME")
	case 1:
		return names[0], nil
	}
	return a.chooseSignIn(ctx, names)
}

// signIns are the names to sign in for: the sso-sessions, and one profile for
// each start URL without.
func signIns(config *profile.Config) []string {
	names := slices.Clone(config.SSOSessions())
	seen := map[string]bool{}
	for _, name := range config.Names() {
		p, err := config.Profile(name)
		if err != nil {
			continue
		}
		_, session := p.Get("sso_session")
		_, region := p.Get("sso_region")
		start, legacy := p.Get("sso_start_url")
		if legacy && region && !session && !seen[start.Text] {
			seen[start.Text] = true
			names = append(names, name)
		}
	}
	return names
}

func (a *app) chooseSignIn(ctx context.Context, names []string) (string, error) {
	tty, err := a.openDevice()
	if err != nil {
		return "", fault.New(fault.NoSource, "there are several to sign in for: %s", joinNames(names)).Fix("name one: assume-role sso login NAME")
	}
	defer tty.Close()
	i, err := tty.Choose(ctx, "Sign in for", names)
	if err != nil {
		return "", err
	}
	return names[i], nil
}
