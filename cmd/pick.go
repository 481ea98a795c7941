package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/picker"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// byPick is how a profile was chosen that a person chose from the list.
const byPick = "your choice from the list"

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
		return onlyIf(f.pick, err)
	}
	defer tty.Close()
	names := a.profileNames(config)
	if len(names) == 0 {
		return onlyIf(f.pick, fault.New(fault.NoCredentials, "there are no profiles to choose from").
			Fix("add one: assume-role add NAME, or assume-role sso login"))
	}
	lister, err := a.newLister(config)
	if err != nil {
		return err
	}
	list := picker.List{Title: "Profile", Names: names, Row: func(i int) picker.Row { return lister.row(names[i], a.host.Now()) }}
	chosen, err := a.fromList(ctx, tty, list)
	if err != nil {
		return err
	}
	f.picked = names[chosen]
	return nil
}

func (a *app) fromList(ctx context.Context, tty *terminal.Terminal, list picker.List) (int, error) {
	return picker.Numbered(ctx, tty, list)
}

func onlyIf(wanted bool, err error) error {
	if wanted {
		return err
	}
	return nil
}
