package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/mfa"
)

// mfaSecretVariable holds a TOTP secret for `mfa add --env`; children never see
// it.
const mfaSecretVariable = "ASSUME_ROLE_MFA_SECRET"

type mfaAddOptions struct {
	serial string
	env    bool
	stdin  bool
	yes    bool
}

func newMFAAdd(a *app) *cobra.Command {
	opts := &mfaAddOptions{}
	c := &cobra.Command{
		Use:   "add SERIAL",
		Short: "Put an MFA device's TOTP secret into the key store",
		Long: `Store the TOTP secret of the virtual MFA device SERIAL in the keyring. From then
on a profile whose mfa_serial it is gets its codes without a prompt. The secret,
or the otpauth:// URI of the QR code, is read from the terminal without echo,
from the variable` + mfaSecretVariable + ` (--env) or from the first line of stdin
(--stdin), never from arguments. AWS wants two codes in a row when a device is
enabled: run ` + "`assume-role mfa code SERIAL`" + ` twice.

Who can read the key store then has both factors: the access key and the device.`,
		Example: `  assume-role mfa add arn:aws:iam::123456789012:mfa/alice
  zbarimg -q --raw code.png | assume-role mfa add arn:aws:iam::123456789012:mfa/alice --stdin`,
		Args: exactlyOneSerial,
		RunE: func(c *cobra.Command, args []string) error {
			opts.serial = args[0]
			return a.runMFAAdd(c.Context(), opts)
		},
		ValidArgsFunction: a.completeNewDevice,
	}
	c.Flags().BoolVar(&opts.env, "env", false, "read the secret from the variable "+mfaSecretVariable)
	c.Flags().BoolVar(&opts.stdin, "stdin", false, "read the secret from stdin, one line")
	c.Flags().BoolVarP(&opts.yes, "yes", "y", false, "replace another secret of the device without asking")
	return c
}

func (a *app) runMFAAdd(ctx context.Context, opts *mfaAddOptions) error {
	if opts.env && opts.stdin {
		return usage("--env and --stdin exclude each other")
	}
	if err := a.checkSerial(opts.serial); err != nil {
		return err
	}
	seed, err := a.readSeed(ctx, opts)
	if err != nil {
		return err
	}
	ring, err := a.keyRing(ctx)
	if err != nil {
		return err
	}
	device := keystore.TOTP{Serial: opts.serial, Secret: seed.Secret, Algorithm: seed.Algorithm}
	if err := a.storeSeed(ctx, ring, device, opts.yes); err != nil {
		return err
	}
	if err := a.recordDevice(opts.serial); err != nil {
		a.note("the TOTP secret is stored, but will not be used: the index could not be written: " + err.Error())
	}
	a.note("who can read this key store now has both factors: the access keys and the codes of this device")
	if keystore.Volatile(ring.Backend()) {
		a.note("keyctl forgets everything when you log out: keep the secret somewhere else, too")
	}
	_, err = fmt.Fprintf(a.host.Out, "stored the TOTP secret of %s in the %s key store\n"+
		"to enable the device at AWS, give it two codes in a row: run this twice, the second waits for the next code\n"+
		"  assume-role mfa code %s\n", opts.serial, ring.Backend(), opts.serial)
	return err
}

// storeSeed stores a secret; another one of the device goes only if a person,
// or --yes, says so.
func (a *app) storeSeed(ctx context.Context, ring *keystore.Ring, device keystore.TOTP, yes bool) error {
	old, err := ring.TOTPs().LoadTOTP(device.Serial)
	switch {
	case err == nil && old == device:
		return nil
	case err == nil:
		question := fmt.Sprintf("Another TOTP secret of %s is stored. Replace it, for good?", device.Serial)
		if err := a.confirm(ctx, yes, question); err != nil {
			return err
		}
	case !errors.Is(err, keystore.ErrNotFound) && !errors.Is(err, keystore.ErrDamaged):
		return err
	}
	return ring.TOTPs().SaveTOTP(device)
}

func (a *app) readSeed(ctx context.Context, opts *mfaAddOptions) (mfa.Seed, error) {
	text, err := a.seedText(ctx, opts)
	if err != nil {
		return mfa.Seed{}, err
	}
	return mfa.ParseSeed(text)
}

func (a *app) seedText(ctx context.Context, opts *mfaAddOptions) (creds.Secret, error) {
	switch {
	case opts.env:
		value, ok := a.host.lookup(mfaSecretVariable)
		if !ok {
			return "", fault.New(fault.InvalidValue, "%s is not set", mfaSecretVariable).Fix("put the TOTP secret into it, or use --stdin")
		}
		return creds.Secret(value), nil
	case opts.stdin:
		data, err := io.ReadAll(io.LimitReader(a.host.In, 2*maxKeyLine))
		if err != nil {
			return "", fault.New(fault.InvalidValue, "stdin cannot be read").Fix("write the TOTP secret to it, in one line").Because(err)
		}
		return firstLine(data), nil
	}
	tty, err := a.openTerminal("the TOTP secret of "+opts.serial, "use --env or --stdin")
	if err != nil {
		return "", err
	}
	defer tty.Close()
	return tty.AskSecret(ctx, fmt.Sprintf("TOTP secret, or otpauth:// URI, of %s: ", opts.serial))
}
