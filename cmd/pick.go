package cmd

import (
	"context"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/picker"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// byPick is how a profile was chosen that a person chose from the list.
const byPick = "your choice from the list"

// pickPatience is how long the list waits for a person.
const pickPatience = 10 * time.Minute

// registerPick says that a person at the terminal may choose the profile. What
// programs start by themselves (credential-process, eks-token) does without.
func (f *credentialFlags) registerPick(c *cobra.Command) {
	f.asks = true
	c.Flags().BoolVar(&f.pick, "pick", false, "choose PROFILE from a list, whatever variables say")
}

// choice finds the profile where none was given: the one that a variable names,
// else the one that a person chooses, else what profile.Select finds.
func (a *app) choice(ctx context.Context, config *profile.Config, f *credentialFlags, settings Settings) (name, how string, err error) {
	if f.picked == "" && a.mayPick(f, settings) {
		if err := a.pick(ctx, config, f); err != nil {
			return "", "", err
		}
	}
	if f.picked != "" {
		return f.picked, byPick, nil
	}
	return profile.Select(config, a.request(settings))
}

// mayPick reports whether a list is wanted, or is better than going on without.
// Where nobody sits at the terminal (CI, a coding agent, a program that wants
// credentials) it would be waiting for nobody.
func (a *app) mayPick(f *credentialFlags, settings Settings) bool {
	if f.pick {
		return true
	}
	named, _ := profile.Named(a.host.Getenv)
	return f.asks && named == "" && settings.Prompt != "never" && a.agent(settings) == "" &&
		a.host.Getenv("CI") == "" && a.host.Getenv(profile.VariableResolving) == ""
}

// pick has a person choose. Without a terminal, and with nothing to choose
// from, that is an error only where --pick asked for it.
func (a *app) pick(ctx context.Context, config *profile.Config, f *credentialFlags) error {
	if _, err := f.overrides(); err != nil {
		return err
	}
	tty, err := a.openTerminal("a choice of profile (--pick)", "name the profile")
	if err != nil {
		return errorIf(f.pick, err)
	}
	defer tty.Close()
	history := a.history()
	names := a.newestFirst(a.profileNames(config), history)
	if len(names) == 0 {
		return errorIf(f.pick, fault.New(fault.NoCredentials, "there are no profiles to choose from").
			Fix("add one: assume-role add NAME, or assume-role sso login"))
	}
	lister, err := a.newLister(config)
	if err != nil {
		return err
	}
	chosen, err := a.fromList(ctx, tty, picker.List{
		Title: "Profile", Names: names, Row: func(i int) picker.Row { return lister.row(names[i], a.host.Now()) },
	})
	if err != nil {
		return err
	}
	f.picked = names[chosen]
	if err := history.Add(f.picked, a.host.Now()); err != nil {
		a.debug("the choice is not remembered: %s", err)
	}
	return nil
}

// fromList shows the list in the way that the terminal can.
func (a *app) fromList(ctx context.Context, tty *terminal.Terminal, list picker.List) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, pickPatience)
	defer cancel()
	if terminal.Dumb(a.host.Getenv) {
		return picker.Numbered(ctx, tty, list)
	}
	return picker.Pick(ctx, tty, tty.Palette(a.host.Getenv), list)
}

// history says what was chosen last; without a state folder nothing does.
func (a *app) history() picker.History {
	dirs, err := a.places()
	if err != nil {
		a.debug("%s", err)
		return picker.History{}
	}
	return picker.History{Path: filepath.Join(dirs.state, "picked.json")}
}

func errorIf(wanted bool, err error) error {
	if wanted {
		return err
	}
	return nil
}
