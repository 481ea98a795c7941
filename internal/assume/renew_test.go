package assume

import (
	"strings"
	"testing"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// Credentials that AWS does not take any more have one next step, which
// depends on where they came from.
func TestRenew(t *testing.T) {
	t.Parallel()
	steps := map[string]bool{}
	for kind, words := range map[profile.Kind]string{
		profile.Static:      "into the profile base",
		profile.Keyring:     "assume-role add base",
		profile.Environment: "variables",
		profile.Process:     "credential_process",
		profile.SSO:         "assume-role sso login base",
		profile.Login:       "assume-role login base",
		profile.EC2:         "try again",
	} {
		steps[renew(&profile.Source{Kind: kind, Profile: "base"})] = true
		for _, code := range []string{"ExpiredToken", "InvalidClientTokenId"} {
			f := answer{code: code}.failure()
			f.source = &profile.Source{Kind: kind, Profile: "base"}
			f.signer = creds.Credentials{AccessKeyID: "AKIATEST", SecretAccessKey: "s"}
			if err := f.refused(); !strings.Contains(err.Error(), words) || !strings.Contains(err.Error(), code) {
				t.Errorf("%s: %q is not in: %v", kind, words, err)
			}
		}
	}
	if len(steps) != 7 {
		t.Errorf("only %d next steps", len(steps))
	}
}
