package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"assume-role/internal/keystore"
)

func newKeyringLock(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "lock",
		Short: "Forget the unlocked key of the file backend",
		Long: `Forget the key that waits in the kernel, so that the next command asks for the
passphrase of the file backend again. Of the other stores this tool never keeps
anything unlocked: then it says how the store itself is locked.`,
		Example: "  assume-role keyring lock",
		Args:    noArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.runKeyringLock(c.Context()) },
	}
}

func (a *app) runKeyringLock(ctx context.Context) error {
	stores, err := a.storesInUse(ctx)
	if err != nil {
		return err
	}
	for _, s := range stores {
		if err := a.lockStore(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) lockStore(ctx context.Context, s storeView) error {
	if !keystore.HasPassphrase(s.Backend) {
		_, err := fmt.Fprintf(a.host.Out, "%s: this tool keeps nothing unlocked; %s\n", s.Backend, keystore.HowToLock(s.Backend))
		return err
	}
	ring, err := a.ring(ctx, s.named, s.settings)
	if err != nil {
		return err
	}
	if err := ring.Lock(); err != nil {
		return err
	}
	if from := (passphrase{app: a, ctx: ctx, settings: s.settings}).source(); from != "" {
		a.note("the next command unlocks it again: " + from + " gives the passphrase")
	}
	_, err = fmt.Fprintf(a.host.Out, "%s: locked (%s)\n", s.Backend, oneLine(ring.Folder()))
	return err
}
