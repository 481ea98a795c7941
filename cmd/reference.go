package cmd

import (
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Tree is every command, as help shows them, for programs that describe them.
// None of its commands may be run: they have no machine to run on.
func Tree() *cobra.Command { return newApp(Host{}).root(nil) }

// CredentialFlags are the flags that commands share which get credentials. A
// command has all of them or some, each with the same meaning.
func CredentialFlags() *pflag.FlagSet {
	c, flags := &cobra.Command{}, &credentialFlags{}
	flags.register(newApp(Host{}), c)
	flags.registerPick(c)
	return c.Flags()
}

// SettingReference is one of the tool's settings, described.
type SettingReference struct {
	// Key is its name in config.yaml, with dots between the levels.
	Key string
	// Variable is its name in the environment.
	Variable string
	// Meaning is a phrase without a full stop.
	Meaning string
	// Allowed says what its value may be, a phrase without a full stop.
	Allowed string
	// Default is the value where nobody says anything; empty: none.
	Default string
	// Unset says what holds where nobody says anything and there is no Default.
	Unset string
	// Flag is the flag that says the same for one run; empty: there is none.
	Flag string
	// Example are its lines in config.yaml, with a value that somebody may want;
	// empty for those that may not stand there.
	Example string
	// List settings take several values.
	List bool
	// StricterOnly settings can be made stricter by the variable, never looser.
	StricterOnly bool
}

// SettingsReference describes every setting, in the documentation's order.
func SettingsReference() []SettingReference {
	var all []SettingReference
	for _, s := range settingsTable() {
		all = append(all, SettingReference{
			Key: s.key, Variable: s.variable(), Meaning: s.doc, Allowed: s.allowed(),
			Default: s.fallback, Unset: s.unset, Flag: s.flag, Example: s.exampleLines(),
			List: s.list, StricterOnly: s.guard != nil,
		})
	}
	return all
}

// Described is a name and what it is for, a phrase without a full stop.
type Described struct{ Name, Meaning string }

// VariablesReference describes the variables that are read and are no
// settings. AWS's own that a profile's settings have are not among them.
func VariablesReference() []Described {
	return []Described{
		{"AWS_PROFILE", "the profile where none is named; AWS_DEFAULT_PROFILE after it, and ASSUME_ROLE_PROFILE before both"},
		{"AWS_CONFIG_FILE", "the config file, in place of ~/.aws/config"},
		{"AWS_SHARED_CREDENTIALS_FILE", "the credentials file, in place of ~/.aws/credentials"},
		{"AWS_REGION", "the region, in place of the profile's; AWS_DEFAULT_REGION after it"},
		{"ASSUME_ROLE_PROFILE", "set for commands and shells: the profile whose session they are in"},
		{"ASSUME_ROLE_SET", "set for commands and shells: the names of the variables that this tool gave them"},
		{"ASSUME_ROLE_RESOLVING", "set for a credential_process: the profiles on the way to it, so that none asks for itself"},
		{"ASSUME_ROLE_MFA_SERIAL", "set for an mfa_process: the device whose code is wanted"},
		{mfaTokenVariable, "an MFA code given ahead of time; no child gets it"},
		{mfaSecretVariable, "the secret that mfa add --env stores; no child gets it"},
		{newPassphraseVariable, "the passphrase that keyring passwd sets; no child gets it"},
		{"BROWSER", "the program that opens addresses, unless the setting console.browser names one"},
		{"NO_COLOR", "set to anything: no colour"},
	}
}

// FilesReference describes the files that are read or written, with their
// usual paths on Linux.
func FilesReference() []Described {
	dirs := placesOf(Host{GOOS: "linux"}, "~")
	files := []Described{
		{"~/.aws/config", "the profiles"},
		{"~/.aws/credentials", "long-lived keys that are not in a keyring"},
		{"~/.aws/sso/cache", "the tokens of sign-ins at IAM Identity Center, shared with the AWS CLI"},
		{"~/.aws/login/cache", "the sessions of aws login, shared with the AWS CLI"},
		{"~/.aws/cli/cache", "the AWS CLI's role cache, which clear-cache clears"},
		{dirs.settings, "the tool's settings: assume-role-config(5)"},
		{filepath.Join(dirs.state, "index.json"), "what is known of sessions and stored keys without opening a keyring; no secret"},
		{filepath.Join(dirs.state, "backend"), "the keyring that auto has chosen"},
		{dirs.keyring, "the encrypted items of the file backend"},
	}
	for i := range files {
		files[i].Name = filepath.ToSlash(files[i].Name)
	}
	return files
}
