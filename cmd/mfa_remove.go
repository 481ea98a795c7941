package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
)

type mfaRemoveOptions struct {
	serial string
	yes    bool
}

func newMFARemove(a *app) *cobra.Command {
	opts := &mfaRemoveOptions{}
	c := &cobra.Command{
		Use:   "remove SERIAL",
		Short: "Take an MFA device's TOTP secret out of the key store",
		Long: `Remove the TOTP secret stored for the MFA device SERIAL. It asks first: without
another copy of the secret nobody can make the device's codes any more. At AWS
the device stays as it is.`,
		Example:           "  assume-role mfa remove arn:aws:iam::123456789012:mfa/alice",
		Args:              exactlyOneSerial,
		ValidArgsFunction: a.completeStoredDevice,
		RunE: func(c *cobra.Command, args []string) error {
			opts.serial = args[0]
			return a.runMFARemove(c.Context(), opts)
		},
	}
	c.Flags().BoolVarP(&opts.yes, "yes", "y", false, "do not ask")
	return c
}

func (a *app) runMFARemove(ctx context.Context, opts *mfaRemoveOptions) error {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return err
	}
	stored, err := ring.TOTPs().Serials()
	if err != nil {
		return err
	}
	// A damaged item is not among the names where its own is a hash.
	if !slices.Contains(stored, opts.serial) && !a.storedDevice(opts.serial) {
		return a.noSeed(ring, opts.serial)
	}
	question := fmt.Sprintf("Remove the TOTP secret of %s? Without another copy its codes are lost.", oneLine(opts.serial))
	if err := a.confirm(ctx, opts.yes, question); err != nil {
		return err
	}
	if err := ring.TOTPs().RemoveTOTP(opts.serial); err != nil {
		return err
	}
	if err := a.unrecordDevice(opts.serial); err != nil {
		return fault.New("", "the TOTP secret is removed, but the index still has the device: it could not be written").
			Fix("make its folder writable, then run this again").Because(err)
	}
	_, err = fmt.Fprintf(a.host.Out, "removed the TOTP secret of %s from the %s key store\n", oneLine(opts.serial), ring.Backend())
	return err
}
