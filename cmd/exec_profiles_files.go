package cmd

import (
	"github.com/spf13/cobra"

	"assume-role/internal/creds"
	"assume-role/internal/exec"
)

const (
	configFileFlag      = "config-file"
	credentialsFileFlag = "credentials-file"
)

// awsFilesFlags name the user's own AWS files to the credential_process of a
// config file that stands in their place. Variables would not do: the command
// may clear its environment, and cmd.exe has no way to set one for a program.
type awsFilesFlags struct{ config, credentials string }

func (f *awsFilesFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.config, configFileFlag, "", "AWS config file to read")
	c.Flags().StringVar(&f.credentials, credentialsFileFlag, "", "AWS credentials file to read")
	_ = c.Flags().MarkHidden(configFileFlag)
	_ = c.Flags().MarkHidden(credentialsFileFlag)
}

// readFrom has this tool, and the programs that it runs, read those files.
func (a *app) readFrom(f awsFilesFlags) {
	var files []creds.Variable
	if f.config != "" {
		files = append(files, creds.Variable{Name: "AWS_CONFIG_FILE", Value: creds.Secret(f.config)})
	}
	if f.credentials != "" {
		files = append(files, creds.Variable{Name: "AWS_SHARED_CREDENTIALS_FILE", Value: creds.Secret(f.credentials)})
	}
	if files != nil {
		a.host.Environ = exec.Reading(a.host.Environ, files)
	}
}
