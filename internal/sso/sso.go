// Package sso gets credentials from IAM Identity Center, with the tokens that
// the AWS CLI and the SDKs keep in ~/.aws/sso/cache
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
//
// The AWS CLI's file is the only store of a token: it is read, and refreshed in
// place, so that one sign-in serves them all. A person signs in with an
// authorization code or a device code, as with `aws sso login`
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
package sso

import (
	"context"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Window is how long before its end a token is refreshed, as in botocore.
const Window = 15 * time.Minute

// Session is a profile's sign-in at an access portal. All fields are required,
// but Name, Scopes, File, Locks, Trusted, Patience, Pause, Note and Debug.
type Session struct {
	// Profile is whose sign-in it is, and Origins the lines of its settings
	// by their names, for messages.
	Profile string
	Origins map[string]fault.Origin
	// Name is the sso-session section's; empty where the profile has it all
	// by itself, and then the token is never refreshed.
	Name string
	// StartURL and Region are sso_start_url and sso_region.
	StartURL, Region string
	// Scopes are sso_registration_scopes, as they stand in the file.
	Scopes string
	// File is the name of the token's file, where it is neither that of Name nor
	// that of StartURL.
	File string
	// Folder is the AWS CLI's cache, Locks that of locks between processes;
	// without one, two processes may refresh the same token.
	Folder, Locks string
	// Portal and OIDC are the addresses of the two services.
	Portal, OIDC string
	// SignIn is the command that a person runs to sign in.
	SignIn string
	// Client makes the client of the calls, if there is one to make.
	Client func() (*bearer.Client, error)
	// Trusted are the hosts that may be shown to a person over plain http.
	Trusted []string
	// Pause waits between two polls; nil waits for real.
	Pause func(context.Context, time.Duration) error
	// Patience is how long a refresh may take while the token still lasts; 0
	// means ten seconds.
	Patience time.Duration
	// Now is the local clock.
	Now func() time.Time
	// Note shows one line to the user; Debug takes one of detail, never a
	// secret.
	Note  func(string)
	Debug func(format string, args ...any)
}

// Role is one that may be assigned to who is signed in.
type Role struct{ Account, Name string }

// RoleCredentials gets a role's credentials (GetRoleCredentials). A token that
// AWS does not accept any more is replaced once, by what another program put
// in its place or by a refresh.
//
// The error is a *fault.Error, a *bearer.Unreachable when a service could not
// be asked, or ctx's own.
func (s *Session) RoleCredentials(ctx context.Context, role Role) (creds.Credentials, error) {
	t, err := s.token(ctx)
	if err != nil {
		return creds.Credentials{}, err
	}
	c, err := s.credentials(ctx, t, role)
	if !tokenRefused(err) {
		return c, s.explained(err, role)
	}
	s.debug("the access token of %s is no longer accepted: looking for another one", s.name())
	if t, err = s.replace(ctx, t); err != nil {
		return creds.Credentials{}, err
	}
	if c, err = s.credentials(ctx, t, role); tokenRefused(err) {
		s.drop(t)
	}
	return c, s.explained(err, role)
}

// token returns an access token that lasts: the file's, refreshed when its end
// is near. While it has not ended, a refresh that fails is no error.
func (s *Session) token(ctx context.Context) (*token, error) {
	t, err := s.load()
	if err != nil {
		return nil, err
	}
	left := t.left(s.Now())
	switch {
	case left >= Window, left > 0 && !s.refreshable(t):
		return t, nil
	case !s.refreshable(t):
		return nil, s.ended("has expired")
	}
	limited, cancel := s.limit(ctx, left)
	defer cancel()
	fresh, err := s.renew(limited, func(t *token) bool { return t.left(s.Now()) >= Window })
	switch {
	case err == nil:
		return fresh, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case left > 0:
		s.debug("the token of %s could not be refreshed and is used while it lasts, %s: %v", s.name(), left, err)
		return t, nil
	case isSignedOut(err):
		s.drop(t)
	}
	return nil, err
}

// defaultPatience is beyond what a refresh takes when all is well.
const defaultPatience = 10 * time.Second

// limit bounds a refresh that is not needed yet.
func (s *Session) limit(ctx context.Context, left time.Duration) (context.Context, context.CancelFunc) {
	switch {
	case left <= 0:
		return context.WithCancel(ctx)
	case s.Patience > 0:
		return context.WithTimeout(ctx, s.Patience)
	}
	return context.WithTimeout(ctx, defaultPatience)
}

// replace returns another token than the one that was refused.
func (s *Session) replace(ctx context.Context, refused *token) (*token, error) {
	other := func(t *token) bool { return t.access != refused.access && t.left(s.Now()) > 0 }
	if t, err := s.load(); err != nil || other(t) {
		return t, err
	}
	if !s.refreshable(refused) {
		s.drop(refused)
		return nil, s.ended("is no longer accepted by AWS")
	}
	t, err := s.renew(ctx, other)
	if isSignedOut(err) {
		s.drop(refused)
	}
	return t, err
}

// SignInID tells one sign-in from the next, of another person perhaps: it
// stays the same when this tool refreshes the token, and is empty when nobody
// is signed in. The files name no user, so a refresh by the AWS CLI, which
// keeps nothing of ours, counts as a sign-in, too.
func (s *Session) SignInID() string {
	t, err := s.load()
	if err != nil {
		return ""
	}
	return t.signInID()
}
