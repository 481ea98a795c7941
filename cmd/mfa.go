package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/fault"
)

func newMFA(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "mfa",
		Short: "Keep an MFA device's TOTP secret, and print its codes",
		Long: `Keep the TOTP secret of a virtual MFA device in the key store, so that its codes
are made where they are needed and nobody is asked. It is opt-in, and it has a
price: who can read that store then has the second factor beside the first.`,
		Example: "  assume-role mfa add arn:aws:iam::123456789012:mfa/alice\n  assume-role mfa code arn:aws:iam::123456789012:mfa/alice",
		Args:    noSubcommand,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newMFAAdd(a), newMFARemove(a), newMFACode(a))
	return c
}

func exactlyOneSerial(_ *cobra.Command, args []string) error {
	switch {
	case len(args) != 1:
		return usage("one SERIAL is needed, not %d: the mfa_serial of the device", len(args))
	case strings.TrimSpace(args[0]) == "":
		return usage("SERIAL must not be empty: give the mfa_serial of the device")
	}
	return nil
}

// The limits of SerialNumber in STS's and IAM's API
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
const (
	minSerial = 9
	maxSerial = 256
)

// checkSerial refuses what is no serial of a device that shows codes.
func (a *app) checkSerial(serial string) error {
	bad := fault.New(fault.InvalidValue, "%q is not the serial of an MFA device", serial)
	switch {
	case strings.Contains(serial, ":u2f/"):
		return fault.New(fault.InvalidValue, "%s is a FIDO key: it has no codes, and no TOTP secret", serial).
			Fix("give the serial of a virtual device (arn:aws:iam::ACCOUNT:mfa/NAME)")
	case a.deviceOf(serial) != "":
		return bad.Fix("the device of that profile is %s", a.deviceOf(serial))
	case len(serial) < minSerial || len(serial) > maxSerial || strings.ContainsFunc(serial, notInSerial):
		return bad.Fix("give what mfa_serial has: arn:aws:iam::ACCOUNT:mfa/NAME")
	}
	return nil
}

// notInSerial tells what AWS's pattern for serials, [\w+=/:,.@-]*, has not.
func notInSerial(r rune) bool {
	return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_+=/:,.@-", r))
}

// deviceOf is the device of the profile of that name, or "".
func (a *app) deviceOf(name string) string {
	settings, err := a.settings()
	if err != nil || strings.HasPrefix(name, "arn:") {
		return ""
	}
	chain, err := a.resolveNamed(name, &credentialFlags{}, settings)
	if err != nil {
		return ""
	}
	for _, call := range chain.Calls {
		if call.Device != nil {
			return call.Device.Serial
		}
	}
	return ""
}
