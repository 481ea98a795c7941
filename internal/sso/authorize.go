package sso

import (
	"context"
	"fmt"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/loopback"
	"assume-role/internal/securefile"
)

// Authorize signs a person in anew, with an authorization code (PKCE) where a
// browser of theirs can come back to this machine, else with a device code, as
// a start URL without an sso-session always does. The token goes where the AWS
// CLI keeps it, and nothing is written before there is one. The errors are
// those of RoleCredentials.
func (s *Session) Authorize(ctx context.Context, p Person) (Grant, error) {
	before, _ := s.load() // whatever there is: it is replaced
	return s.authorize(ctx, p, true, func(t *token) bool {
		return s.lasts(t) && before != nil && t.access != before.access
	})
}

// Ensure signs a person in unless there is a token that lasts. Of many
// processes one does; the others wait for it and use what it got, and none of
// them asks the person who has just refused.
func (s *Session) Ensure(ctx context.Context, p Person) (Grant, error) {
	return s.authorize(ctx, p, false, s.lasts)
}

func (s *Session) lasts(t *token) bool { return t.left(s.Now()) > 0 }

func (s *Session) authorize(ctx context.Context, p Person, insists bool, enough func(*token) bool) (Grant, error) {
	lock, waited, err := s.signInLock(ctx)
	if err != nil {
		return Grant{}, err
	}
	defer lock.Release()
	if t, err := s.load(); err == nil && enough(t) {
		return s.grant(t), nil
	}
	if waited && !insists {
		return Grant{}, s.signedOut("the sign-in at %s that another process began came to nothing", s.name())
	}
	t, err := s.ask(ctx, p)
	if err != nil {
		return Grant{}, err
	}
	if err := s.keep(ctx, t); err != nil {
		return Grant{}, err
	}
	return s.grant(t), nil
}

func (s *Session) grant(t *token) Grant { return Grant{Until: t.expires, Renewable: s.refreshable(t)} }

// signInTime is how long to wait for another process's sign-in: longer than a
// person has for one.
const signInTime = loopback.MaxWait + time.Minute

// signInLock lets one process at a time ask the person; waited says that
// another one did meanwhile.
func (s *Session) signInLock(ctx context.Context) (lock *securefile.Lock, waited bool, err error) {
	e := errand{suffix: ".signin", doing: "signing in at " + s.name(), patience: signInTime}
	if s.Locks == "" {
		return nil, false, nil
	}
	now, cancel := context.WithCancel(ctx)
	cancel()
	if lock, err = securefile.Acquire(now, s.lockPath(e)); err == nil || ctx.Err() != nil {
		return lock, false, err
	}
	lock, err = s.hold(ctx, e)
	return lock, lock != nil, err
}

// ask gets a token from AWS through the person.
func (s *Session) ask(ctx context.Context, p Person) (*token, error) {
	start, err := s.resolved(ctx)
	if err != nil {
		return nil, err
	}
	if p.DeviceCode || s.Name == "" {
		return s.byDevice(ctx, p, start)
	}
	listener, err := loopback.Listen(callback, p.Peer)
	if err != nil {
		p.Show(fmt.Sprintf("%v: signing in with a device code instead", err))
		return s.byDevice(ctx, p, start)
	}
	defer listener.Close()
	return s.byBrowser(ctx, p, start, listener)
}

// keep writes a new token, and lets nobody's refresh of the old one come after
// it.
func (s *Session) keep(ctx context.Context, t *token) error {
	lock, err := s.hold(ctx, s.refreshing())
	if err != nil {
		return err
	}
	defer lock.Release()
	if err = securefile.MkdirPrivate(s.Folder); err == nil {
		err = securefile.Write(s.path(), t.file)
	}
	if err != nil {
		return s.fail(nil, "you are signed in at %s, but the token could not be saved in %s: %v", s.name(), s.path(), securefile.Cause(err)).
			Fix("make room or the folder writable, and sign in again with: %s", s.SignIn).Because(err)
	}
	return nil
}

// granted is the token file of a sign-in, with the AWS CLI's members in its
// order.
func (s *Session) granted(start string, c client, a answer) *token {
	expires := s.Now().Add(time.Duration(a.ExpiresIn) * time.Second).UTC().Truncate(time.Second)
	o := object{}.with(startURL, start).with(region, s.Region).
		with(accessToken, a.AccessToken).with(expiresAt, expires.Format(time.RFC3339)).
		with(clientID, c.id).with(clientSecret, c.secret.Reveal()).with(registrationExpiresAt, c.expires.Format(time.RFC3339))
	if a.RefreshToken != "" {
		o = o.with(refreshToken, a.RefreshToken)
	}
	return &token{file: o.encode(), object: o, access: creds.Secret(a.AccessToken), expires: expires}
}

// exchange turns what the person brought into a token.
func (s *Session) exchange(ctx context.Context, start string, c client, q question, once bool) (*token, error) {
	q.ClientID, q.ClientSecret = c.id, c.secret.Reveal()
	var a answer
	if err := s.oidc(ctx, "/token", q, once, &a); err != nil {
		return nil, err
	}
	if !a.complete() {
		return nil, s.incomplete("CreateToken")
	}
	return s.granted(start, c, a), nil
}
