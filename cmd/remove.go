package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
)

type removeOptions struct {
	profile string
	yes     bool
}

func newRemove(a *app) *cobra.Command {
	opts := &removeOptions{}
	c := &cobra.Command{
		Use:   "remove PROFILE",
		Short: "Take long-lived access keys out of the key store",
		Long: `Remove the keys stored under PROFILE and forget the sessions made from them. It
asks first. At AWS the key stays valid until it is deleted there; no file of
AWS's is changed.`,
		Example:           "  assume-role remove base\n  assume-role remove base --yes",
		Args:              exactlyOneProfile,
		ValidArgsFunction: a.completeStored,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = args[0]
			return a.runRemove(c.Context(), opts)
		},
	}
	c.Flags().BoolVarP(&opts.yes, "yes", "y", false, "do not ask")
	return c
}

func (a *app) runRemove(ctx context.Context, opts *removeOptions) error {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return err
	}
	names, err := ring.Keys().KeyProfiles()
	if err != nil {
		return err
	}
	if !slices.Contains(names, opts.profile) {
		return a.removeUnstored(ring.Backend(), opts.profile, names)
	}
	if err := a.confirm(ctx, opts.yes, fmt.Sprintf("Remove the stored keys of profile %s?", oneLine(opts.profile))); err != nil {
		return err
	}
	var kept []cache.Failure
	if id, ok := a.storedKey(opts.profile); ok {
		kept = a.forgetSessionsOf(ctx, id)
	}
	if err := ring.Keys().RemoveKey(opts.profile); err != nil {
		return err
	}
	a.noteKept(kept)
	if err := a.unrecordKey(opts.profile); err != nil {
		a.note("the keys are removed, but `list` may still show them: the index could not be written: " + err.Error())
	}
	_, err = fmt.Fprintf(a.host.Out, "removed the stored keys of profile %q from the %s key store\n", opts.profile, ring.Backend())
	return err
}

// unrecordKey takes a key out of the index.
func (a *app) unrecordKey(name string) error {
	index, err := a.index()
	if err != nil {
		return err
	}
	return index.RemoveKey(name)
}

// removeUnstored is remove where the store has no such keys: it names those
// that are there, unless the index alone knew of some. A key that is in another
// store after all is entered again when it is used.
func (a *app) removeUnstored(backend, name string, stored []string) error {
	if _, known := a.storedKey(name); known {
		if err := a.unrecordKey(name); err != nil {
			return fault.New("", "no keys are stored, but `list` still shows some: the index could not be written: %s", err).
				In(name).Fix("make its folder writable, then run this again").Because(err)
		}
		_, err := fmt.Fprintf(a.host.Out, "no keys of profile %q are in the %s key store; they are taken out of the index\n", name, backend)
		return err
	}
	missing := fault.New(fault.NoCredentials, "no keys are stored").In(name)
	if len(stored) == 0 {
		return missing.Fix("store some with `assume-role add`")
	}
	return missing.Fix("stored are: %s", joinNames(stored))
}

// confirm asks on the terminal device; only `--yes` answers without one.
func (a *app) confirm(ctx context.Context, yes bool, question string) error {
	if yes {
		return nil
	}
	tty, err := a.openTerminal("a yes", "give --yes")
	if err != nil {
		return err
	}
	defer tty.Close()
	ok, err := tty.Confirm(ctx, question)
	if err != nil {
		return err
	}
	if !ok {
		return fault.New("", "nothing was changed: the answer was no")
	}
	return nil
}
