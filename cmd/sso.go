package cmd

import "github.com/spf13/cobra"

func newSSO(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "sso",
		Short: "Sign in at IAM Identity Center; make its profiles",
		Example: `  assume-role sso login https://my-sso.awsapps.com/start --sso-region eu-west-1 --name corp
  assume-role sso populate corp
  assume-role sso logout corp`,
		Args: noSubcommand,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newSSOLogin(a), newSSOLogout(a), newSSOPopulate(a))
	return c
}
