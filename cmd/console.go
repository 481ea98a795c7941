package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/browser"
	"assume-role/internal/console"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

type consoleOptions struct {
	credentials   credentialFlags
	profile       string
	service       string
	destination   string
	duration      string
	print         bool
	signOutFirst  bool
	browser       string
	container     bool
	chromeProfile bool
}

func newConsole(a *app) *cobra.Command {
	opts := &consoleOptions{}
	c := &cobra.Command{
		Use:   "console [PROFILE]",
		Short: "Open the AWS console, signed in as a profile's role",
		Long: `Sign a browser in to the AWS console with the credentials of PROFILE, a role's
or a federated user's. The browser is started with the address of a page on
this machine that leads to the sign-in once.

The console's session lasts 12 hours where AWS allows it: for a role of IAM
Identity Center, and for one that was assumed with long-lived keys or an
identity provider's token. Otherwise it ends with the credentials. Long-lived
keys cannot sign in by themselves: --federate NAME, with a policy, lets them.`,
		Example: `  assume-role console prod
  assume-role console prod --service s3 --region eu-west-1
  assume-role console prod --container --browser firefox
  assume-role console keys --federate alice --read-only`,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runConsole(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.credentials.registerPick(c)
	opts.register(c)
	return c
}

func (o *consoleOptions) register(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&o.service, "service", "", "open the page of this `SERVICE`: s3, ec2, cloudwatch …")
	flags.StringVar(&o.destination, "destination", "", "open this page of the console, an https `URL`")
	flags.StringVar(&o.duration, "console-duration", "", "how long the console's session lasts, 15m to 12h (default: 12h, or as long as the credentials)")
	flags.BoolVar(&o.print, "print", false, "print the link, which signs in whoever opens it, and open nothing")
	flags.BoolVar(&o.print, "stdout", false, "the same, as aws-vault spells it")
	flags.BoolVar(&o.signOutFirst, "logout-first", false, "sign the browser out of the console first")
	flags.StringVar(&o.browser, "browser", "", "`NAME` of a browser, or a command: "+strings.Join(browser.Names(), ", "))
	flags.BoolVar(&o.container, "container", false, "a Firefox container for the profile (needs the extension Granted Containers)")
	flags.BoolVar(&o.chromeProfile, "chrome-profile", false, "a browser profile of Chrome and the like for the profile")
	_ = c.RegisterFlagCompletionFunc("service", completeServices)
	_ = c.RegisterFlagCompletionFunc("browser", oneOfWords(browser.Names()...))
}

func completeServices(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return console.Names(), only
}

func (a *app) runConsole(ctx context.Context, opts *consoleOptions) error {
	plan, err := a.planConsole(ctx, opts)
	if err != nil {
		return err
	}
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForPeople)
	if err != nil {
		return err
	}
	signedIn, err := a.signInConsole(ctx, s, plan)
	if err != nil {
		return err
	}
	if opts.print {
		a.note(fmt.Sprintf("the link is a secret: for %s it signs in whoever opens it", shortDuration(console.LinkLife)))
		_, err = fmt.Fprintln(a.host.Out, signedIn.link.Reveal())
	} else {
		err = a.openConsole(ctx, plan.opener, s.chain.Profile, signedIn.link)
	}
	if err != nil {
		return err
	}
	a.note(signedIn.told())
	return nil
}

// consoleSignIn is a link, and whom it signs in for how long.
type consoleSignIn struct {
	link  creds.Secret
	arn   string
	until time.Time
}

func (c consoleSignIn) told() string {
	text := "the console's session is of " + oneLine(c.arn)
	if c.until.IsZero() {
		return text
	}
	return text + ", until " + c.until.Local().Format("2006-01-02 15:04 MST")
}

// signInConsole turns a session into a link.
func (a *app) signInConsole(ctx context.Context, s *session, plan *consolePlan) (consoleSignIn, error) {
	var none consoleSignIn
	if err := a.confirmed(ctx, s, "the AWS console"); err != nil {
		return none, err
	}
	arn, err := s.signsInAs(ctx)
	if err != nil {
		return none, err
	}
	site, destination, err := plan.page(s, arn)
	if err != nil {
		return none, err
	}
	s.chain.Services = plan.services
	ask := console.TokenRequest{Credentials: s.credentials, Duration: plan.duration}
	token, whole, err := s.assumer.SigninToken(ctx, s.chain, site, ask)
	if err != nil {
		return none, err
	}
	signedIn := consoleSignIn{link: site.Link(token, destination), arn: arn, until: s.credentials.Expiration}
	switch {
	case !whole && plan.durationGiven:
		a.note("AWS refused --console-duration with these credentials: the console's session ends with them")
	case whole && plan.duration > 0:
		signedIn.until = a.host.Now().Add(plan.duration)
	}
	if plan.signOutFirst {
		signedIn.link = site.SignOutFirst(signedIn.link)
	}
	return signedIn, nil
}

// signsInAs is the identity that the console's session will have. AWS takes
// roles and federated users only.
func (s *session) signsInAs(ctx context.Context) (string, error) {
	arn := s.credentials.ARN
	if arn == "" {
		id, err := s.assumer.Identity(ctx, s.chain.Profile, s.chain.STS, s.credentials)
		if err != nil {
			return "", err
		}
		arn = id.ARN
	}
	if !s.credentials.Temporary() || !strings.Contains(arn, ":assumed-role/") && !strings.Contains(arn, ":federated-user/") {
		return "", noConsole(s.chain.Profile)
	}
	return arn, nil
}

// noConsole is what AWS would refuse without saying why.
func noConsole(profileName string) *fault.Error {
	return fault.New("", "long-lived keys and sessions of GetSessionToken cannot sign in to the AWS console").In(profileName).
		Fix("add --federate NAME and what it may do there (--policy-arn, --policy, --read-only), or name a profile with a role")
}
