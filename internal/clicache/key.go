package clicache

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// RoleSettings are what the AWS CLI makes a role session's key of, as the
// profile has them: empty and zero mean that the profile does not say. The
// name that the CLI generates for a session is not part of the key, nor is
// the profile that the role is assumed from.
type RoleSettings struct {
	RoleARN         string
	SessionName     string
	ExternalID      string
	MFASerial       string
	DurationSeconds int
}

// RoleKey returns the AWS CLI's name, without ".json", for a role's session:
// the SHA-1 of the AssumeRole parameters as Python's json.dumps writes them
// with sort_keys (botocore, AssumeRoleCredentialFetcher).
func RoleKey(s RoleSettings) string {
	args := map[string]string{}
	put := func(name, value string) {
		if value != "" {
			args[name] = pythonString(value)
		}
	}
	put("RoleArn", s.RoleARN)
	put("RoleSessionName", s.SessionName)
	put("ExternalId", s.ExternalID)
	put("SerialNumber", s.MFASerial)
	if s.DurationSeconds != 0 {
		args["DurationSeconds"] = strconv.Itoa(s.DurationSeconds)
	}
	return sha1Hex(pythonObject(args, ", ", ": "))
}

// SSOKey returns the AWS CLI's name, without ".json", for the credentials of
// an Identity Center role. The session is the name of the sso-session
// section; for a profile without one, startURL stands in its place
// (botocore, SSOCredentialFetcher).
func SSOKey(accountID, roleName, session, startURL string) string {
	args := map[string]string{
		"accountId": pythonString(accountID),
		"roleName":  pythonString(roleName),
	}
	if session != "" {
		args["sessionName"] = pythonString(session)
	} else {
		args["startUrl"] = pythonString(startURL)
	}
	return sha1Hex(pythonObject(args, ",", ":"))
}

func sha1Hex(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// pythonObject writes names and values that are JSON already.
func pythonObject(args map[string]string, comma, colon string) string {
	members := make([]string, 0, len(args))
	for _, name := range slices.Sorted(maps.Keys(args)) {
		members = append(members, pythonString(name)+colon+args[name])
	}
	return "{" + strings.Join(members, comma) + "}"
}

// pythonString writes a string as json.dumps does with ensure_ascii: all but
// printable ASCII is escaped, in lower-case hexadecimal, as UTF-16.
func pythonString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		default:
			b.WriteString(pythonEscape(r))
		}
	}
	b.WriteByte('"')
	return b.String()
}

func pythonEscape(r rune) string {
	if i := strings.IndexRune("\b\f\n\r\t", r); i >= 0 {
		return `\` + "bfnrt"[i:i+1]
	}
	if high, low := utf16.EncodeRune(r); high != '\uFFFD' {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
