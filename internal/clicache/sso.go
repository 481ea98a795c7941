package clicache

import (
	"bytes"
	"crypto/sha1" // the AWS CLI's names of its files
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"unicode/utf16"
	"unicode/utf8"
)

// SSORole is a role of IAM Identity Center as a profile names it.
type SSORole struct {
	AccountID, RoleName string
	// Session is the name of the profile's sso-session; where it has none,
	// StartURL counts.
	Session, StartURL string
}

// IsOf reports whether the file holds a session of that role. Nothing in such
// a file names the role, but the file's own name is a hash of it.
func (f File) IsOf(r SSORole) bool {
	return f.Provider == "sso" && filepath.Base(f.Path) == r.key()+".json"
}

// TokenName is the name of the file that holds the access token for the role.
func (r SSORole) TokenName() string {
	if r.Session != "" {
		return hash([]byte(r.Session)) + ".json"
	}
	return hash([]byte(r.StartURL)) + ".json"
}

// key is the name, without .json, under which the AWS CLI keeps the role's
// session: the hash of its parameters as Python's json.dumps writes them,
// sorted and without spaces.
func (r SSORole) key() string {
	parameters := map[string]string{"accountId": r.AccountID, "roleName": r.RoleName}
	if r.Session != "" {
		parameters["sessionName"] = r.Session
	} else {
		parameters["startUrl"] = r.StartURL
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(parameters) // strings can always be written
	return hash(inASCII(bytes.TrimSuffix(text.Bytes(), []byte("\n"))))
}

// inASCII writes what is not ASCII in a JSON text as \u escapes.
func inASCII(text []byte) []byte {
	var out []byte
	for _, r := range string(text) {
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

func hash(text []byte) string {
	sum := sha1.Sum(text)
	return hex.EncodeToString(sum[:])
}
