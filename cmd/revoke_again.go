package cmd

import (
	"fmt"
	"strings"

	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

// again is how the same sessions are named once more on a command line.
func (r *revocation) again() string {
	words := shellWord(r.profile)
	for _, f := range []struct{ name, value string }{
		{"--session-name", r.which.Name}, {"--source-identity", r.which.SourceIdentity}, {"--using", r.using},
	} {
		if f.value != "" {
			words += " " + f.name + " " + shellWord(f.value)
		}
	}
	if r.user && r.named == (revoke.Subject{}) {
		words += " --user"
	}
	if r.chain {
		words += " --chain"
	}
	return words
}

// shellWord quotes what a shell would take for more than a word.
func shellWord(text string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("_+=,.@:/-", r)
	}
	if text != "" && strings.TrimFunc(text, plain) == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// noteBeginning says which sessions of a chain no policy of IAM ends.
func (r *revocation) noteBeginning(chain *profile.Chain) {
	if r.chain && chain.Source.Kind == profile.SSO {
		r.note(fmt.Sprintf("profile %q: the chain begins with a role of IAM Identity Center, whose sessions live on: %s", r.profile, revoke.InIdentityCenter))
	}
}
