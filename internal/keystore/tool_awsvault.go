package keystore

import (
	"path/filepath"
	"strings"

	"github.com/99designs/keyring"
)

const awsVault = "aws-vault"

// awsVaultSetup is what aws-vault 7 opens, by its variables and its defaults
// (https://github.com/99designs/aws-vault/blob/master/USAGE.md).
func awsVaultSetup(o ToolOptions) toolSetup {
	env := func(name, otherwise string) string {
		if value := o.Env("AWS_VAULT_" + name); value != "" {
			return value
		}
		return otherwise
	}
	return toolSetup{
		backend: env("BACKEND", ""), variable: "AWS_VAULT_FILE_PASSPHRASE", session: isVaultSession,
		listing: "aws-vault list", removal: "aws-vault remove NAME",
		config: keyring.Config{
			ServiceName: awsVault, KWalletAppID: awsVault, KWalletFolder: awsVault, WinCredPrefix: awsVault,
			KeychainName: env("KEYCHAIN_NAME", awsVault), KeychainTrustApplication: true,
			LibSecretCollectionName: env("SECRET_SERVICE_COLLECTION_NAME", "awsvault"),
			PassDir:                 toolPassDir(o, env("PASS_PASSWORD_STORE_DIR", "")), PassCmd: env("PASS_CMD", "pass"), PassPrefix: env("PASS_PREFIX", ""),
			FileDir: inHome(o.Home, env("FILE_DIR", "~/.awsvault/keys")),
		},
	}
}

// isVaultSession tells aws-vault's sessions and tokens from its keys: they are
// named KIND,PROFILE,SERIAL,EXPIRY, in old releases "session:…" and
// "NAME session (…)", and "oidc:URL".
func isVaultSession(name string) bool {
	parts := strings.Split(name, ",")
	last := parts[len(parts)-1]
	return len(parts) == 4 && last != "" && strings.Trim(last, "0123456789") == "" ||
		strings.HasPrefix(name, "oidc:") || strings.HasPrefix(name, "session:") ||
		strings.Contains(name, " session (") && strings.HasSuffix(name, ")")
}

// toolPassDir is the password store that the library uses of itself.
func toolPassDir(o ToolOptions, given string) string {
	switch {
	case given != "":
		return inHome(o.Home, given)
	case o.Env("PASSWORD_STORE_DIR") != "":
		return inHome(o.Home, o.Env("PASSWORD_STORE_DIR"))
	}
	return filepath.Join(o.Home, ".password-store")
}

// inHome completes a path that begins with ~.
func inHome(home, path string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == '\\') {
		return filepath.Join(home, rest)
	}
	return path
}
