package cmd

import (
	"context"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/browser"
	"assume-role/internal/exec"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
	"assume-role/internal/terminal"
)

// signIn is how a command has the person sign in where only that helps; nil
// where nobody may be asked. Whether somebody is there is found out when it is
// called.
func (a *app) signIn(chain *profile.Chain, settings Settings, assumer func() *assume.Assumer) func(context.Context, *profile.Source) error {
	byAgent := chain.Agents == agentsReadOnly && a.agent(settings) != ""
	if settings.Prompt == "never" || !settings.LoginAuto || byAgent {
		return nil
	}
	return func(ctx context.Context, source *profile.Source) error {
		if a.terminal.taken() {
			return assume.ErrNobody
		}
		tty, err := a.openDevice()
		if err != nil {
			a.debug("nobody is there to sign in: %s", err)
			return assume.ErrNobody
		}
		defer tty.Close()
		if source.Kind == profile.SSO {
			_, err = assumer().SignInSSO(ctx, source, a.ssoPerson(tty, settings, signInWays{}), false)
			return err
		}
		return assumer().RenewLogin(ctx, source, a.loginPerson(tty, settings, source, false))
	}
}

// signInWays are what a person chose of the ways to sign in.
type signInWays struct{ deviceCode, noBrowser bool }

// opener opens the addresses of sign-ins, without this tool's secrets in the
// browser's environment.
func (a *app) opener(settings Settings) browser.Opener {
	return browser.Opener{Setting: settings.ConsoleBrowser, Environ: exec.Scrub(a.host.Environ), GOOS: a.host.GOOS}
}

// ssoPerson is whoever is at the terminal, or where that is nil, reads stderr. A
// browser that cannot come back to this machine, or is none, takes a device
// code.
func (a *app) ssoPerson(tty *terminal.Terminal, settings Settings, ways signInWays) sso.Person {
	opener := a.opener(settings)
	usable := opener.Usable() == nil
	p := sso.Person{
		Show: a.stderrLines, Wait: func(string) func() { return func() {} },
		DeviceCode: ways.deviceCode || opener.Remote() || opener.WSL() || !usable,
	}
	if !ways.noBrowser && usable {
		p.Open, p.Peer = opener.Open, a.sameUser(opener)
	}
	if tty != nil {
		p.Show, p.Wait = tty.Say, a.awaitPerson
	}
	return p
}

// stderrLines shows a text of several lines on stderr.
func (a *app) stderrLines(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(a.host.Err, terminal.Visible(line))
	}
}

// awaitPerson says that something is waited for that a person does, and for how
// long, until the function that it returns is called.
func (a *app) awaitPerson(what string) (done func()) {
	done = a.converse(func(lasted time.Duration) string {
		seconds := int(lasted.Seconds())
		return fmt.Sprintf("waiting for %s, %d:%02d (Ctrl-C gives up)", what, seconds/60, seconds%60)
	})
	if done == nil {
		return func() {}
	}
	return done
}
