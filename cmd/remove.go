package cmd

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/iamkeys"
	"assume-role/internal/keystore"
	"assume-role/internal/nearest"
)

type removeOptions struct {
	profile  string
	yes      bool
	fromFile bool
	dryRun   bool
}

func newRemove(a *app) *cobra.Command {
	opts := &removeOptions{}
	c := &cobra.Command{
		Use:   "remove PROFILE",
		Short: "Take long-lived access keys out of the key store",
		Long: `Remove the keys stored under PROFILE and forget the sessions made from them. It
asks first. With --from-file the keys that the profile has in plain text in
~/.aws/credentials and ~/.aws/config go, too; the rest of the files stays as it
is, byte for byte.

At AWS the key stays valid until it is deleted there. To replace a key instead:
assume-role rotate.`,
		Example:           "  assume-role remove base\n  assume-role remove base --from-file --dry-run\n  assume-role remove base --yes",
		Args:              exactlyOneProfile,
		ValidArgsFunction: a.completeStored,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = args[0]
			return a.runRemove(c.Context(), opts)
		},
	}
	c.Flags().BoolVarP(&opts.yes, "yes", "y", false, "do not ask")
	c.Flags().BoolVar(&opts.fromFile, "from-file", false, "also take the profile's plain-text keys out of the AWS files")
	c.Flags().BoolVar(&opts.dryRun, "dry-run", false, "show what would be removed; change nothing")
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
	r := &removal{app: a, profile: opts.profile, ring: ring, stored: slices.Contains(names, opts.profile)}
	if opts.fromFile {
		if err := r.lookInFiles(); err != nil {
			return err
		}
	}
	switch {
	case !r.stored && !r.inFiles():
		return r.removeNothing(names)
	case opts.dryRun:
		return r.show()
	}
	if r.inFiles() {
		r.announceAll()
	}
	if err := a.confirm(ctx, opts.yes, r.question()); err != nil {
		return err
	}
	return r.run(ctx)
}

// removal takes one profile's keys away.
type removal struct {
	*app
	profile string
	ring    *keystore.Ring
	stored  bool
	// files are nil where only the store is meant, and have the edits otherwise.
	files *plainFiles
	// ids are the keys that go, as far as they are known.
	ids []string
}

// removeNothing is remove where the profile has nothing to remove.
func (r *removal) removeNothing(names []string) error {
	if r.files != nil {
		return fault.New(fault.NoCredentials, "no keys of it are stored, and none are in the AWS files").In(r.profile).
			Fix("see where its credentials come from with: assume-role explain %s", r.profile)
	}
	return r.removeUnstored(r.ring.Backend(), r.profile, names)
}

func (r *removal) question() string {
	name := oneLine(r.profile)
	switch {
	case !r.inFiles():
		return fmt.Sprintf("Remove the stored keys of profile %s?", name)
	case r.stored:
		return fmt.Sprintf("Remove the stored keys of profile %s, and those in the file as shown?", name)
	}
	return fmt.Sprintf("Remove the keys of profile %s from the file as shown? They are in no key store.", name)
}

// run empties the files first: one that another program has changed is refused,
// and then nothing was done.
func (r *removal) run(ctx context.Context) error {
	if r.inFiles() {
		if err := r.saveFiles(); err != nil {
			return err
		}
	}
	if r.stored {
		if err := r.removeStored(ctx); err != nil {
			return err
		}
	}
	r.note(fmt.Sprintf("at AWS %s stays valid until it is deleted there (IAM, or `aws iam delete-access-key`); `assume-role rotate` replaces a key instead of removing it", r.known()))
	return nil
}

// known names the keys that go.
func (r *removal) known() string {
	if len(r.ids) == 0 {
		return "the key"
	}
	return "key " + strings.Join(r.ids, ", ")
}

func (r *removal) removeStored(ctx context.Context) error {
	var kept []cache.Failure
	if id, ok := r.storedKey(r.profile); ok {
		kept = r.forgetSessionsOf(ctx, id)
		r.gone(id)
	}
	if fresh, _, err := iamkeys.Unfinished(r.rotationsPath(), r.profile); err == nil && fresh != "" {
		r.gone(fresh) // it waits beside the key, and goes with it
	}
	if err := r.ring.Keys().RemoveKey(r.profile); err != nil {
		return err
	}
	r.noteKept(kept)
	if err := r.unrecordKey(r.profile); err != nil {
		r.note("the keys are removed, but `list` may still show them: the index could not be written: " + err.Error())
	}
	_, err := fmt.Fprintf(r.host.Out, "removed the stored keys of profile %q from the %s key store\n", r.profile, r.ring.Backend())
	return err
}

func (r *removal) gone(id string) {
	if !slices.Contains(r.ids, id) {
		r.ids = append(r.ids, id)
	}
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
	return missing.Fix("%s", nearest.Hint(stored, name, "stored are: "+joinNames(stored)))
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
