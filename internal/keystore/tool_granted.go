package keystore

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/99designs/keyring"

	"assume-role/internal/securefile"
)

const (
	granted = "granted"
	// grantedKeys is the name of granted's store of long-lived keys; its tokens
	// and sessions are in others.
	grantedKeys = "granted-aws-iam-credentials"
	// grantedConfigSize is far above any config file of granted's, in bytes.
	grantedConfigSize = 1 << 20
)

// grantedSetup is what granted opens: of its config file only the section
// [Keyring] counts (https://github.com/fwdcloudsec/granted, pkg/securestorage).
func grantedSetup(o ToolOptions) toolSetup {
	folder := grantedFolder(o)
	data, _ := securefile.Read(filepath.Join(folder, "config"), grantedConfigSize) // without one granted has its defaults
	said := keyringSection(string(data))
	or := func(key, otherwise string) string {
		if value := said[key]; value != "" {
			return value
		}
		return otherwise
	}
	return toolSetup{
		backend: said["Backend"], session: func(string) bool { return false },
		listing: "granted credentials list", removal: "granted credentials remove",
		config: keyring.Config{
			ServiceName: grantedKeys, KWalletAppID: grantedKeys, KWalletFolder: grantedKeys, WinCredPrefix: grantedKeys,
			KeychainName: or("KeychainName", "login"), KeychainTrustApplication: true,
			LibSecretCollectionName: or("LibSecretCollectionName", grantedKeys),
			PassDir:                 toolPassDir(o, ""), PassCmd: "pass", PassPrefix: grantedKeys,
			FileDir: inHome(o.Home, or("FileDir", filepath.Join(folder, "secure-storage-aws-iam-credentials"))),
		},
	}
}

// grantedFolder is ~/.granted, or in the XDG folder where that is missing.
func grantedFolder(o ToolOptions) string {
	folder := filepath.Join(o.Home, ".granted")
	if xdg := o.Env("XDG_CONFIG_HOME"); xdg != "" {
		if _, err := os.Stat(folder); err != nil {
			return filepath.Join(xdg, granted)
		}
	}
	return folder
}

// keyringSection reads the one-line texts of the table [Keyring] of a TOML file
// (https://toml.io/en/v1.0.0#string): granted writes no others there.
func keyringSection(text string) map[string]string {
	values, inside := map[string]string{}, false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			name, _, _ := strings.Cut(line, "#")
			inside = strings.TrimSpace(name) == "[Keyring]"
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || !inside || strings.HasPrefix(line, "#") {
			continue
		}
		values[strings.TrimSpace(key)] = tomlText(strings.TrimSpace(value))
	}
	return values
}

// tomlText is a basic or a literal string of TOML; what is neither, or has an
// escape other than of a quote or a backslash, is empty.
func tomlText(value string) string {
	if value == "" || value[0] != '"' && value[0] != '\'' {
		return ""
	}
	var b strings.Builder
	for i := 1; i < len(value); i++ {
		switch c := value[i]; {
		case c == value[0]:
			return b.String()
		case c == '\\' && value[0] == '"':
			if i++; i == len(value) || value[i] != '"' && value[i] != '\\' {
				return ""
			}
			b.WriteByte(value[i])
		default:
			b.WriteByte(c)
		}
	}
	return ""
}
