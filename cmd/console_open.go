package cmd

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"assume-role/internal/browser"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/loopback"
)

// consoleOpener is the browser that was asked for. One that is not there is
// refused before anything else happens.
func (a *app) consoleOpener(opts *consoleOptions, settings Settings, profileName string) (browser.Opener, error) {
	opener, ok := a.opener(settings), true
	switch {
	case opts.print && (opts.browser != "" || opts.container || opts.chromeProfile):
		return opener, usage("--print opens no browser")
	case opts.print:
		return opener, nil
	case opts.container && opts.chromeProfile:
		return opener, usage("--container is Firefox's, --chrome-profile Chrome's: choose one")
	}
	if opts.browser != "" {
		opener = opener.With(opts.browser)
	}
	if opts.container {
		if opener, ok = opener.InContainer(profileName); !ok {
			return opener, usage("--container needs Firefox, and --browser says %s", opts.browser)
		}
	}
	if opts.chromeProfile {
		if opener, ok = opener.InProfile(chromeFolder(profileName)); !ok {
			return opener, usage("--chrome-profile needs Chrome or the like, and --browser says %s", opts.browser)
		}
	}
	return opener, a.usable(opener, opts)
}

func (a *app) usable(opener browser.Opener, opts *consoleOptions) error {
	err := opener.Usable()
	switch {
	case err == nil:
		return nil
	case opts.browser != "":
		return fault.New("", "--browser %q: there is no such program", opts.browser).
			Fix("give a command, or one of %s", strings.Join(browser.Names(), ", ")).Because(err)
	case opener.Remote():
		return fault.New("", "there is no browser on this machine, where you are by SSH").
			Fix("add --print, and open the link where your browser is").Because(err)
	}
	return fault.New("", "there is no browser on this machine").
		Fix("add --print, and open the link where a browser is; or set console.browser").Because(err)
}

// chromeFolder names a folder for what a browser keeps of a profile: the name,
// as far as every file system takes it, and what tells it from others.
func chromeFolder(profileName string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, profileName)
	if len(plain) > 40 {
		plain = plain[:40]
	}
	if plain == profileName {
		return "aws-" + plain
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(profileName)) // never fails
	return fmt.Sprintf("aws-%s-%016x", plain, sum.Sum64())
}

// openConsole has a browser go to a link that no argument of it shows, and
// returns once it is on its way.
func (a *app) openConsole(ctx context.Context, opener browser.Opener, profileName string, link creds.Secret) error {
	page, err := loopback.Serve(link, a.sameUser(opener))
	if err != nil {
		return fault.New("", "%s", err).In(profileName).Fix("use --print")
	}
	defer page.Close()
	waiting, enough := context.WithCancelCause(ctx)
	defer enough(nil)
	go func() {
		if err := opener.Open(ctx, page.Address()); err != nil {
			enough(err)
		}
	}()
	switch err := page.Wait(waiting); {
	case err == nil:
		return nil
	case errors.Is(err, loopback.ErrNoBrowser):
		return fault.New("", "no browser asked for the page within %s", shortDuration(loopback.PageLife)).In(profileName).
			Fix("choose one with --browser or console.browser, or use --print").Because(err)
	case ctx.Err() != nil:
		return fault.ErrInterrupted
	}
	return fault.New("", "the browser could not be started: %s", oneLine(context.Cause(waiting).Error())).In(profileName).
		Fix("choose another with --browser, or use --print")
}
