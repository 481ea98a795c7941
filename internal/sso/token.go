package sso

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"assume-role/internal/creds"
)

// The members of a token file. The names are the AWS CLI's, but for signIn,
// which is this tool's.
const (
	accessToken           = "accessToken"
	expiresAt             = "expiresAt"
	refreshToken          = "refreshToken"
	clientID              = "clientId"
	clientSecret          = "clientSecret"
	registrationExpiresAt = "registrationExpiresAt"
	startURL              = "startUrl"
	region                = "region"
	signIn                = "assumeRoleSignIn"
)

// token is what a sign-in left, secrets and all; it is never printed.
type token struct {
	// file is the file's content, to tell whether another one is there.
	file []byte
	object
	access  creds.Secret
	expires time.Time
}

// decode reads a file. What has no access token with a time is none, nor is
// one that no header could carry.
func decode(file []byte) (*token, error) {
	o, err := parse(file)
	if err != nil {
		return nil, err
	}
	t := &token{file: file, object: o, access: creds.Secret(o.text(accessToken)), expires: o.time(expiresAt)}
	if t.access == "" || t.expires.IsZero() || strings.ContainsFunc(t.access.Reveal(), unicode.IsControl) {
		return nil, errNoToken
	}
	return t, nil
}

// time is a member that is a time; zero where it is none.
func (o object) time(name string) time.Time {
	at, _ := creds.ParseTime(o.text(name)) // then it is zero
	return at
}

// left is how long the token lasts after now; no more than 0 where it ended.
func (t *token) left(now time.Time) time.Duration { return t.expires.Sub(now) }

// signInID is what SignInID says of the token.
func (t *token) signInID() string {
	if id := t.text(signIn); id != "" {
		return id
	}
	sum := sha256.Sum256([]byte(t.access.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// refreshable reports whether the token can be refreshed, as far as the file
// tells. The client's registration has to last as well.
func (s *Session) refreshable(t *token) bool {
	if s.Name == "" {
		return false
	}
	for _, name := range []string{refreshToken, clientID, clientSecret} {
		if t.text(name) == "" {
			return false
		}
	}
	return t.time(registrationExpiresAt).After(s.Now())
}

// refreshed returns the token with what AWS answered. An answer without a
// refresh token leaves the old one in use; everything else stays.
func (t *token) refreshed(a answer, now time.Time) *token {
	expires := now.Add(time.Duration(a.ExpiresIn) * time.Second).UTC().Truncate(time.Second)
	o := t.object.with(accessToken, a.AccessToken).with(expiresAt, expires.Format(time.RFC3339))
	if a.RefreshToken != "" {
		o = o.with(refreshToken, a.RefreshToken)
	}
	o = o.with(signIn, t.signInID())
	return &token{file: o.encode(), object: o, access: creds.Secret(a.AccessToken), expires: expires}
}
