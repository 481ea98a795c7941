package cmd

import (
	"context"
	"strings"
	"time"

	"assume-role/internal/browser"
	"assume-role/internal/console"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/profile"
)

// consolePlan is what a sign-in to the console will be, before any call.
type consolePlan struct {
	opener        browser.Opener
	service       console.Service
	destination   string
	signOutFirst  bool
	duration      time.Duration
	durationGiven bool
	services      map[string]profile.Endpoint
}

// planConsole refuses what cannot work before anything is asked or called.
func (a *app) planConsole(ctx context.Context, opts *consoleOptions) (*consolePlan, error) {
	plan := &consolePlan{destination: opts.destination, signOutFirst: opts.signOutFirst}
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	if plan.service, err = opts.page(); err != nil {
		return nil, err
	}
	chain, err := a.consoleChain(ctx, opts, settings)
	if err != nil {
		return nil, err
	}
	if err := plan.last(opts.duration, chain); err != nil {
		return nil, err
	}
	plan.services = chain.Services
	if _, _, err := plan.pageIn(chain, expectedPartition(chain)); err != nil {
		return nil, err
	}
	plan.opener, err = a.consoleOpener(opts, settings, chain.Profile)
	return plan, err
}

// page is the service that was asked for; the zero Service for none.
func (o *consoleOptions) page() (console.Service, error) {
	if o.service == "" {
		return console.Service{}, nil
	}
	if o.destination != "" {
		return console.Service{}, usage("--service and --destination exclude each other")
	}
	service, ok := console.Lookup(o.service)
	if ok {
		return service, nil
	}
	err := fault.New(fault.InvalidValue, "--service %q is not known", o.service)
	return service, err.Fix("%s", nearest.Hint(console.Names(), o.service, "give one that TAB completes, or the page's address with --destination"))
}

// consoleChain plans the chain, and refuses one whose end cannot sign in.
func (a *app) consoleChain(ctx context.Context, opts *consoleOptions, settings Settings) (*profile.Chain, error) {
	chain, _, err := a.resolveWith(ctx, []string{"signin"}, opts.profile, &opts.credentials, settings)
	if err != nil {
		return nil, err
	}
	if len(chain.Calls) > 0 {
		if last := chain.Calls[len(chain.Calls)-1]; last.Kind == profile.SessionToken && !last.Conditional {
			return nil, noConsole(chain.Profile)
		}
		return chain, nil
	}
	switch source := chain.Source; source.Kind {
	case profile.Keyring:
		return nil, noConsole(chain.Profile)
	case profile.Static, profile.Environment:
		if source.Unavailable == nil && !source.Keys.Temporary() {
			return nil, noConsole(chain.Profile)
		}
	case profile.Login:
		return chain, refuseUsersLogin(chain)
	}
	return chain, nil
}

// refuseUsersLogin refuses the session that a user has from the console itself,
// which AWS does not sign in to it again.
func refuseUsersLogin(chain *profile.Chain) error {
	session := chain.Source.Settings["login_session"]
	if strings.Contains(session.Text, ":assumed-role/") {
		return nil
	}
	return fault.New("", "login_session is a user's own sign-in, which cannot sign in to the AWS console once more").In(chain.Profile).At(session.Origin).
		Fix("open the console in the browser that you signed in with, or name a profile with a role")
}

// last decides how long the console's session lasts.
func (p *consolePlan) last(given string, chain *profile.Chain) error {
	d, err := durationFlag("--console-duration", given)
	switch {
	case err != nil:
		return err
	case given == "" && takesConsoleDuration(chain):
		p.duration = console.MaxDuration
		return nil
	case given == "":
		return nil
	case d < console.MinDuration || d > console.MaxDuration:
		return fault.New(fault.InvalidValue, "--console-duration %s is not 15m to 12h", given)
	case !takesConsoleDuration(chain):
		return noConsoleDuration(chain)
	}
	p.duration, p.durationGiven = d, true
	return nil
}

// takesConsoleDuration reports whether AWS may make the console's session
// longer than the credentials: they are a role's, and no session asked for
// them. What a credential_process gives is not known before it runs.
func takesConsoleDuration(chain *profile.Chain) bool {
	switch calls := chain.Calls; len(calls) {
	case 0:
		return chain.Source.Role != nil || chain.Source.Kind == profile.SSO
	case 1:
		return calls[0].Kind == profile.AssumeRole && !calls[0].Chained
	}
	return false
}

func noConsoleDuration(chain *profile.Chain) error {
	err := fault.New(fault.InvalidValue, "--console-duration cannot be had: AWS ends the console's session with these credentials").In(chain.Profile)
	calls := chain.Calls
	switch {
	case len(calls) == 2 && calls[0].Kind == profile.SessionToken && !calls[0].Conditional && calls[1].Kind == profile.AssumeRole:
		return err.Fix("add --no-session-token: the role is then assumed with the keys themselves")
	case len(calls) > 0 && calls[len(calls)-1].Kind == profile.FederationToken:
		return err.Fix("give --duration, which goes into GetFederationToken")
	}
	return err.Fix("leave it out; only a role that no session assumed takes it")
}

// expectedPartition is that of the credentials as the plan knows it.
func expectedPartition(chain *profile.Chain) string {
	for i := len(chain.Calls) - 1; i >= 0; i-- {
		if role, ok := creds.RoleOf(chain.Calls[i].RoleARN); ok {
			return role.Partition
		}
	}
	return chain.STS.Partition
}

// page is where the browser goes, by the credentials' own partition.
func (p *consolePlan) page(s *session, arn string) (site console.Site, destination string, err error) {
	part := strings.SplitN(arn, ":", 3)
	return p.pageIn(s.chain, part[min(1, len(part)-1)])
}

func (p *consolePlan) pageIn(chain *profile.Chain, partition string) (site console.Site, destination string, err error) {
	if site, err = console.SiteOf(partition); err != nil {
		return site, "", err.(*fault.Error).In(chain.Profile)
	}
	if p.destination != "" {
		destination, err = site.Destination(p.destination)
	} else {
		destination = site.Home(p.service, consoleRegion(chain, partition))
	}
	if own := p.services["signin"].URL; own != "" {
		site = site.At(own)
	}
	return site, destination, err
}

// consoleRegion is the region to show; a page of one partition shows none of
// another's.
func consoleRegion(chain *profile.Chain, partition string) string {
	if chain.STS.Partition != partition || strings.HasSuffix(chain.Region, "-global") {
		return ""
	}
	return chain.Region
}
