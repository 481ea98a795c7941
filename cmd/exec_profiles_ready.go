package cmd

import (
	"context"
	"fmt"
	"slices"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// allProfiles is what --profiles takes for every profile there is.
const allProfiles = "all"

// shownNames is how many names a note lists.
const shownNames = 5

// readyProfiles makes the sessions of the named profiles, one after the other,
// as a person answers one prompt at a time. All of them or none: a command that
// starts with half of its profiles fails in its midst. What can be refused
// without a call is refused before the first one.
func (a *app) readyProfiles(ctx context.Context, names []string, f *credentialFlags) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	if err := a.allReady(ctx, names, func(name string) error { return a.refuseEarly(ctx, name, f, settings) }); err != nil {
		return err
	}
	return a.allReady(ctx, names, func(name string) error { return a.warmFor(ctx, name, f) })
}

// allReady tries all names, and says what is wrong with each.
func (a *app) allReady(ctx context.Context, names []string, try func(name string) error) error {
	failed := 0
	for _, name := range names {
		err := try(name)
		if ctx.Err() != nil {
			return fault.ErrInterrupted
		}
		if err != nil {
			a.stderr(err.Error())
			failed++
		}
	}
	if failed > 0 {
		return fault.New("", "%d of %s could not be made ready, so the command was not started", failed, count(len(names), "profile")).
			Fix("see the lines above, or leave them out of --profiles")
	}
	return nil
}

// refuseEarly says what is wrong with a profile as far as that is known without
// a call.
func (a *app) refuseEarly(ctx context.Context, name string, f *credentialFlags, settings Settings) error {
	chain, err := corrected(ctx, a, func() (*profile.Chain, error) { return a.resolveNamed(name, f, settings) })
	if err != nil {
		return err
	}
	if chain.Source.Unavailable != nil {
		return chain.Source.Unavailable
	}
	_, err = a.guardAgents(chain, f, settings)
	return err
}

// warmFor makes the session that a profile's credential_process will hand out.
func (a *app) warmFor(ctx context.Context, name string, f *credentialFlags) error {
	_, err := a.session(ctx, name, f, ttlForSDKs)
	return err
}

// fillAll puts all profiles that can give credentials into the file, and makes
// ready what a person would be asked for: one session of each MFA device and
// each sign-in. The rest is made when the command asks for it; there can be
// thousands.
func (a *app) fillAll(ctx context.Context, made *namedConfig, f *credentialFlags) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	var left []string
	asked := map[string]bool{}
	for _, name := range a.profileNames(made.config) {
		err := a.askOnce(ctx, name, f, settings, asked)
		if ctx.Err() != nil {
			return fault.ErrInterrupted
		}
		if err == nil {
			err = made.add(name)
		}
		if err != nil {
			a.debug("--profiles all leaves out: %s", err)
			left = append(left, name)
		}
	}
	a.noteLeftOut(left)
	if len(made.names) == 0 {
		return fault.New(fault.NoCredentials, "--profiles all finds no profile that gives credentials").Fix("see why with: assume-role list")
	}
	return nil
}

// noteLeftOut says in one line which profiles the command will not have.
func (a *app) noteLeftOut(names []string) {
	if len(names) == 0 {
		return
	}
	text := joinNames(names[:min(len(names), shownNames)])
	if more := len(names) - shownNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	a.note("--profiles all leaves out what it cannot give (--debug says why): " + text)
}

// askOnce plans a profile's chain, and makes its session where nobody has been
// asked yet for what it takes.
func (a *app) askOnce(ctx context.Context, name string, f *credentialFlags, settings Settings, asked map[string]bool) error {
	chain, err := a.resolveNamed(name, f, settings)
	if err != nil {
		return err
	}
	if chain.Source.Unavailable != nil {
		return chain.Source.Unavailable
	}
	person, err := a.personOf(chain, settings)
	if err != nil || person == "" || asked[person] {
		return err
	}
	asked[person] = true
	if err = a.warmFor(ctx, name, f); err != nil && ctx.Err() == nil {
		a.stderr(err.Error())
	}
	return err
}

// personOf names what a person may have to answer for a chain: the session that
// takes the device's code, or the sign-in. Empty where nobody is asked.
func (a *app) personOf(chain *profile.Chain, settings Settings) (string, error) {
	if slices.Contains([]profile.Kind{profile.SSO, profile.Login}, chain.Source.Kind) {
		s := chain.Source.Settings
		return fmt.Sprintf("%s\n%s\n%s\n%s", chain.Source.Kind, s["sso_session"].Text, s["sso_start_url"].Text, s["login_session"].Text), nil
	}
	at := slices.IndexFunc(chain.Calls, func(c profile.Call) bool { return c.Device != nil })
	if at < 0 {
		return "", nil
	}
	keys, err := a.chainKeys(chain, settings)
	if err != nil {
		return "", err
	}
	return keys[len(keys)-len(chain.Calls)+at], nil
}
