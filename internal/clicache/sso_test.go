package clicache

import (
	"path/filepath"
	"testing"
	"time"
)

// The names are those that botocore 1.43 gives its files.
func TestSSOFilesAreToldByTheirNames(t *testing.T) {
	t.Parallel()
	const account = "123456789012"
	for _, tc := range []struct {
		role SSORole
		name string
	}{
		{SSORole{AccountID: account, RoleName: "ReadOnly", Session: "corp"}, "999fa299c534d8ffbe1215f572353203fbe5c4b7"},
		{SSORole{AccountID: account, RoleName: "ReadOnly", Session: "corp", StartURL: "https://x"}, "999fa299c534d8ffbe1215f572353203fbe5c4b7"},
		{SSORole{AccountID: account, RoleName: "ReadOnly", StartURL: "https://d-1.awsapps.com/start#/?a=<b>&c"}, "cb4a5ee2a16a30e328fa46d5f1a8e893a5c4892c"},
		{SSORole{AccountID: account, RoleName: "a+b=c,.@-_", Session: "büro \U0001F511\"\\"}, "e034627957ff8f255fc1fb8f7f090e3a7238e7b0"},
	} {
		file := File{Path: filepath.Join("cache", tc.name+".json"), Provider: "sso"}
		if !file.IsOf(tc.role) {
			t.Errorf("%+v has the name %s", tc.role, tc.role.key())
		}
		other := tc.role
		other.AccountID = "210987654321"
		if file.IsOf(other) || (File{Path: file.Path}).IsOf(tc.role) {
			t.Errorf("%+v has a file of another account, or kind", tc.role)
		}
	}
}

// The names are those that the AWS CLI documents: the SHA-1 of the sso-session's
// name, or of the start URL.
func TestTokenName(t *testing.T) {
	t.Parallel()
	if got := (SSORole{Session: "admin", StartURL: "x"}).TokenName(); got != "d033e22ae348aeb5660fc2140aec35850c4da997.json" {
		t.Error(got)
	}
	if got := (SSORole{StartURL: "admin"}).TokenName(); got != "d033e22ae348aeb5660fc2140aec35850c4da997.json" {
		t.Error(got)
	}
}

// Only what nobody can use any more has expired: a refresh token keeps its
// owner signed in after the access token has ended.
func TestTokenExpired(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]bool{
		`{"accessToken":"x","expiresAt":"2026-01-02T12:00:01Z"}`: false,
		`{"accessToken":"x","expiresAt":"2026-01-02T12:00:00Z"}`: true,
		`{"accessToken":"x"}`: true,
		`{"accessToken":"x","expiresAt":"2026-01-02T11:00:00Z","refreshToken":"r","registrationExpiresAt":"2026-01-03T00:00:00Z"}`:     false,
		`{"accessToken":"x","expiresAt":"2026-01-02T11:00:00UTC","refreshToken":"r","registrationExpiresAt":"2026-01-02T11:30:00UTC"}`: true,
		`{"accessToken":"x","expiresAt":"2026-01-02T11:00:00Z","refreshToken":"","registrationExpiresAt":"2026-01-03T00:00:00Z"}`:      true,
		`{"accessToken":"x","expiresAt":"2026-01-02T11:00:00Z","registrationExpiresAt":"2026-01-03T00:00:00Z"}`:                        true,
		`{"accessToken":"x","expiresAt":"2026-01-02T11:00:00Z","refreshToken":"r"}`:                                                    true,
	} {
		tokens, err := ListTokens(lay(t, map[string]string{"a.json": text}))
		if err != nil || len(tokens) != 1 {
			t.Fatal(tokens, err)
		}
		if got := tokens[0].Expired(now); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
