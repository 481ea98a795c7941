// Package login gets credentials from the sessions that `aws login` keeps in
// ~/.aws/login/cache, and begins and ends such sessions as the AWS CLI does
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html).
//
// The AWS CLI's file is the only store: it is written, read, and refreshed in
// place, as the AWS CLI and the SDKs do, so that one sign-in serves them all.
package login

import (
	"context"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const (
	// Window is how long before their end credentials are refreshed, as the
	// SDKs do.
	Window = 5 * time.Minute
	// Longest is how long AWS makes the credentials last (expiresIn of
	// https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
	Longest = 15 * time.Minute
)

// Session is one profile's session of `aws login`. All fields are required,
// but Account, Note and Silence.
type Session struct {
	// Profile and Origin say whose login_session it is, for messages.
	Profile string
	Origin  fault.Origin
	// Identity is login_session: the ARN of who signed in.
	Identity string
	// Account is the identity's account, for files that do not name it.
	Account string
	// Folder is the AWS CLI's cache, Locks that of locks between processes.
	// Without a folder of locks no session is refreshed.
	Folder, Locks string
	// Endpoint is AWS Sign-In's address, https://REGION.signin.aws.amazon.com.
	Endpoint string
	// SignIn is the command that a person runs to sign in again.
	SignIn string
	// Client makes the client of the one call, if there is one to make.
	Client func() (*bearer.Client, error)
	// Now is the local clock.
	Now func() time.Time
	// Note shows one line to the user.
	Note func(string)
	// Silence is how long to wait for another process's refresh without a
	// Note; 0 means three seconds.
	Silence time.Duration

	// file is the session's file where its name says nothing of the identity.
	file string
}

// Need says which credentials are good enough.
type Need struct {
	// TTL is the validity that they must have left; 0 means Window.
	TTL time.Duration
	// Refresh asks for new ones whatever the file holds. Processes that ask at
	// the same time share one refresh.
	Refresh bool
}

// Credentials returns the session's credentials: those of the file while they
// last, with no call, else new ones, for which one process at a time asks AWS
// and which are in the file before they are returned.
//
// The error is a *fault.Error, a *bearer.Unreachable when AWS Sign-In could
// not be asked (see Spent), or ctx's own. Beside it are the credentials of the
// file where they have not ended yet: they may still serve.
func (s *Session) Credentials(ctx context.Context, need Need) (creds.Credentials, error) {
	if need.TTL >= Longest {
		return creds.Credentials{}, s.tooLong(need.TTL)
	}
	seen, err := s.load()
	if err != nil {
		return creds.Credentials{}, err
	}
	if !need.Refresh && seen.lasts(need, s.Now()) {
		return s.credentials(seen), nil
	}
	current, err := s.renew(ctx, seen, need)
	switch left := current.left(s.Now()); {
	case ctx.Err() != nil:
		return creds.Credentials{}, ctx.Err()
	case err != nil && left <= 0:
		return creds.Credentials{}, err
	case err == nil && need.TTL > left:
		return creds.Credentials{}, s.tooLong(need.TTL)
	}
	return s.credentials(current), err
}

// credentials are what a record holds.
func (s *Session) credentials(r *record) creds.Credentials {
	c := r.credentials()
	if c.AccountID == "" {
		c.AccountID = s.Account
	}
	return c
}
