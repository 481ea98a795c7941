package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"assume-role/internal/output"
)

type credentialProcessOptions struct {
	credentials credentialFlags
	files       awsFilesFlags
	profile     string
}

func newCredentialProcess(a *app) *cobra.Command {
	opts := &credentialProcessOptions{}
	c := &cobra.Command{
		Use:   "credential-process [PROFILE]",
		Short: "Print the credential_process JSON that SDKs read",
		Long: `Print the JSON of AWS's credential_process contract, so that an SDK or an IDE
can use PROFILE by itself. The session is valid for 15 minutes at least where
AWS gives that long, because SDKs refresh that early.`,
		Example: `  # in ~/.aws/config:
  [profile prod-auto]
  credential_process = assume-role credential-process prod`,
		Args:              atMostOneProfile,
		ValidArgsFunction: a.completeProfile,
		RunE: func(c *cobra.Command, args []string) error {
			opts.profile = firstOf(args...)
			return a.runCredentialProcess(c.Context(), opts)
		},
	}
	opts.credentials.register(a, c)
	opts.files.register(c)
	return c
}

func (a *app) runCredentialProcess(ctx context.Context, opts *credentialProcessOptions) error {
	a.readFrom(opts.files)
	s, err := a.session(ctx, opts.profile, &opts.credentials, ttlForSDKs)
	if err != nil {
		return err
	}
	if err := a.confirmed(ctx, s, "credential-process"); err != nil {
		return err
	}
	format, _ := output.Lookup("process")
	return a.printPayload(format, output.Payload{Credentials: s.credentials, Profile: s.chain.Profile})
}
