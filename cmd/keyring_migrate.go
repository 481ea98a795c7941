package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

type migrateOptions struct {
	to, from string
	sessions bool
	dryRun   bool
}

func newKeyringMigrate(a *app) *cobra.Command {
	opts := &migrateOptions{}
	c := &cobra.Command{
		Use:   "migrate --to BACKEND",
		Short: "Move the long-lived keys to another store",
		Long: `Copy the long-lived keys and TOTP secrets from the store in use to another one,
read each back, make that the store in use, and only then remove them from the
old one. A run that is interrupted loses nothing; running it again completes it.
Sessions are not taken along unless --sessions says so: they can be made anew.

Where keyring.backend names the store in use, only you can change that: the keys
are copied, the old store stays as it is, and the same command, run again once
the setting has changed, empties it.`,
		Example: `  assume-role keyring migrate --to pass --dry-run
  assume-role keyring migrate --to secret-service
  assume-role keyring migrate --from file --to keychain --sessions`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.runKeyringMigrate(c.Context(), opts) },
	}
	flags := c.Flags()
	flags.StringVar(&opts.to, "to", "", "the store to move to, a `BACKEND`: "+strings.Join(keystore.Backends()[1:], ", "))
	flags.StringVar(&opts.from, "from", "", "the `BACKEND` to move from (default: the one in use)")
	flags.BoolVar(&opts.sessions, "sessions", false, "take sessions along, too")
	flags.BoolVar(&opts.dryRun, "dry-run", false, "say what would be moved; nothing is unlocked or changed")
	backends := cobra.FixedCompletions(keystore.Backends()[1:], cobra.ShellCompDirectiveNoFileComp)
	_ = c.RegisterFlagCompletionFunc("to", backends)
	_ = c.RegisterFlagCompletionFunc("from", backends)
	return c
}

func (a *app) runKeyringMigrate(ctx context.Context, opts *migrateOptions) error {
	if err := a.checkMigrate(opts); err != nil {
		return err
	}
	m, err := a.migration(ctx, opts)
	if err != nil {
		return err
	}
	names, err := m.Items()
	if err != nil {
		return err
	}
	if opts.dryRun {
		return a.showMigration(m, names)
	}
	if keystore.Volatile(opts.to) && len(names) > 0 {
		a.note("keyctl forgets everything when you log out: keep the keys somewhere else, too")
	}
	for _, ring := range []*keystore.Ring{m.From, m.To} {
		if err := ring.Ready(); err != nil {
			return err
		}
	}
	done, err := m.Run(ctx)
	a.forgetInIndex(done.Dropped)
	if err != nil {
		return interruptedMove(opts, err)
	}
	return a.reportMigration(m, done)
}

func (a *app) checkMigrate(opts *migrateOptions) error {
	switch {
	case opts.to == "" || opts.to == keystore.Auto || opts.from == keystore.Auto:
		return usage("name a store with --to: one of %s", strings.Join(keystore.Backends()[1:], ", "))
	case a.flags.keyringBackend != "":
		return usage("--keyring-backend says nothing here: use --from and --to")
	}
	return nil
}

// migration opens both stores by name.
func (a *app) migration(ctx context.Context, opts *migrateOptions) (keystore.Migration, error) {
	settings, err := a.settings()
	if err != nil {
		return keystore.Migration{}, err
	}
	dirs, err := a.places()
	if err != nil {
		return keystore.Migration{}, err
	}
	inUse, err := a.storeInUse(ctx, settings.Keyring.Backend, settings.Keyring)
	if err != nil {
		return keystore.Migration{}, err
	}
	if err := opts.resume(dirs.state, inUse.Backend); err != nil {
		return keystore.Migration{}, err
	}
	follow := settings.SessionBackend == "" || settings.SessionBackend == keystore.Auto
	if opts.sessions && !follow {
		return keystore.Migration{}, usage("--sessions: session.backend says where sessions are kept: %s", settings.SessionBackend)
	}
	m := keystore.Migration{
		StateDir: dirs.state, InUse: inUse.Backend, Named: settings.Keyring.Backend != keystore.Auto,
		Sessions: opts.sessions, Drop: follow,
	}
	if m.From, err = a.ring(ctx, opts.from, settings.Keyring); err != nil {
		return keystore.Migration{}, err
	}
	m.To, err = a.ring(ctx, opts.to, settings.Keyring)
	return m, err
}

// resume fills in where to move from: an earlier run's source, which has to be
// completed first, else the store in use.
func (opts *migrateOptions) resume(stateDir, inUse string) error {
	begun, err := keystore.Unfinished(stateDir)
	if err != nil {
		return err
	}
	opts.from = firstOf(opts.from, begun.From, inUse)
	if begun.From != "" && (begun.From != opts.from || begun.To != opts.to) {
		return fault.New("", "the move of the keys from %s to %s is unfinished", begun.From, begun.To).
			Fix("complete it first: `assume-role keyring migrate --to %s` (or remove %s: no key is in it)", begun.To, begun.Path)
	}
	opts.sessions = opts.sessions || begun.Sessions
	if opts.from == opts.to {
		return fault.New(fault.InvalidValue, "the keys are in the %s key store already", opts.to).
			Fix("name another with --to, or where they are with --from")
	}
	return nil
}

// interruptedMove says of an error half-way that nothing is lost.
func interruptedMove(opts *migrateOptions, err error) error {
	var f *fault.Error
	if errors.Is(err, fault.ErrInterrupted) || errors.As(err, &f) {
		return err
	}
	return fault.New("", "the keys could not all be moved: %s", plainError(err)).
		Fix("nothing is lost; `assume-role keyring migrate --to %s` goes on", opts.to).Because(err)
}

func (a *app) showMigration(m keystore.Migration, names []string) error {
	var text strings.Builder
	for _, name := range names {
		fmt.Fprintf(&text, "would move from %s to %s: %s\n", m.From.Backend(), m.To.Backend(), oneLine(keystore.Title(name)))
	}
	if len(names) == 0 {
		fmt.Fprintf(&text, "nothing to move is in the %s key store\n", m.From.Backend())
	}
	_, err := a.host.Out.Write([]byte(text.String()))
	return err
}

func (a *app) reportMigration(m keystore.Migration, done keystore.Migrated) error {
	from, to := m.From.Backend(), m.To.Backend()
	if done.Kept != nil {
		a.note(fmt.Sprintf("these are another in %s and stay in %s, too: %s; remove the one that you do not want with `assume-role remove --keyring-backend`", to, from, itemTitles(done.Kept)))
	}
	if done.Dropped != nil {
		a.note(count(len(done.Dropped), "session") + " not taken along: made anew when needed")
	}
	if done.Waits {
		_, err := fmt.Fprintf(a.host.Out, "copied %s from %s to %s and read them back; keyring.backend still names %s: "+
			"set it (or ASSUME_ROLE_KEYRING_BACKEND) to %s, then run this again to empty %s\n", count(len(done.Copied), "item"), from, to, from, to, from)
		return err
	}
	now := ""
	if m.InUse == from {
		now = ", which is in use from now on"
	}
	_, err := fmt.Fprintf(a.host.Out, "moved %s from %s to %s%s\n", count(len(done.Removed), "item"), from, to, now)
	return err
}

// forgetInIndex drops sessions that are no more. The index is a hint: a failure
// costs a look-up.
func (a *app) forgetInIndex(sessions []string) {
	if len(sessions) == 0 {
		return
	}
	index, err := a.index()
	if err == nil {
		err = index.Drop(sessions...)
	}
	if err != nil {
		a.debug("%s", err)
	}
}
