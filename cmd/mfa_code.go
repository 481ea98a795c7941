package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

type mfaCodeOptions struct {
	serial string
	noWait bool
}

func newMFACode(a *app) *cobra.Command {
	opts := &mfaCodeOptions{}
	c := &cobra.Command{
		Use:   "code SERIAL",
		Short: "Print a code of an MFA device whose TOTP secret is stored",
		Long: `Print a code of the MFA device SERIAL, and nothing else. AWS takes a code once,
so none is printed that was printed or sent before: then this waits for the next
one, which comes within 30 seconds, and counts them down on the terminal. With
--no-wait it fails instead.`,
		Example: `  assume-role mfa code arn:aws:iam::123456789012:mfa/alice
  assume-role exec admin -- aws iam enable-mfa-device --user-name alice --serial-number "$S" \
    --authentication-code1 "$(assume-role mfa code "$S")" --authentication-code2 "$(assume-role mfa code "$S")"`,
		Args:              exactlyOneSerial,
		ValidArgsFunction: a.completeStoredDevice,
		RunE: func(c *cobra.Command, args []string) error {
			opts.serial = args[0]
			return a.runMFACode(c.Context(), opts)
		},
	}
	c.Flags().BoolVar(&opts.noWait, "no-wait", false, "fail where the code of now was used already")
	return c
}

func (a *app) runMFACode(ctx context.Context, opts *mfaCodeOptions) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	settings.MFAPrompt = "" // how others are asked says nothing here
	codes, err := a.codes(&credentialFlags{}, settings, a.program())
	if err != nil {
		return err
	}
	var code creds.Secret
	if a.host.Getenv("ASSUME_ROLE_MFA_SERIAL") == opts.serial {
		code, err = a.codeOfNow(ctx, opts.serial)
	} else {
		code, err = codes.Next(ctx, a.homeOf(opts.serial), opts.serial, !opts.noWait)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.host.Out, code.Reveal())
	return err
}

// codeOfNow is for an mfa_process: the command that runs it has the device to
// itself, and knows which codes were used.
func (a *app) codeOfNow(ctx context.Context, serial string) (creds.Secret, error) {
	seed, err := a.seed(ctx, serial)
	if err != nil {
		return "", err
	}
	return seed.Code(a.host.Now())
}

// homeOf is where a device's codes are sent, as far as it can be told without a
// profile.
func (a *app) homeOf(serial string) profile.Endpoint {
	sts := profile.Endpoint{Partition: "aws", URL: firstOf(a.host.Getenv("AWS_ENDPOINT_URL_STS"), a.host.Getenv("AWS_ENDPOINT_URL"))}
	if parts := strings.Split(serial, ":"); len(parts) > 1 && parts[0] == "arn" {
		sts.Partition = parts[1]
	}
	return sts
}
