package sso

import (
	"context"
	"net/http"
	"strings"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/securefile"
)

// SignedIn reports whether there is a token to sign out, whatever its portal
// and however long ago it ended.
func (s *Session) SignedIn() bool { return s.held() != nil }

// SignedInAt is the start URL and the region that the token was made for, as its
// file says; both are empty where there is no token.
func (s *Session) SignedInAt() (start, in string) {
	t := s.held()
	if t == nil {
		return "", ""
	}
	return t.text(startURL), t.text(region)
}

// held is the token in the file; nil where there is none.
func (s *Session) held() *token {
	file, err := securefile.Read(s.path(), limit)
	if err != nil {
		return nil
	}
	t, err := decode(file)
	if err != nil {
		return nil
	}
	return t
}

// SignOut ends the sign-in at AWS (Logout) and removes its token; the
// registration stays. untold is why AWS could not be told, and then the token
// is removed all the same: it ends by itself. That there is none is no error.
func (s *Session) SignOut(ctx context.Context) (untold, err error) {
	lock, err := s.hold(ctx, s.refreshing())
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	t := s.held()
	if t == nil {
		return nil, nil
	}
	untold = s.logOut(ctx, t)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err := securefile.Remove(s.path()); err != nil && !securefile.Missing(err) {
		return untold, s.fail(nil, "the token of %s could not be removed: %s: %v", s.name(), s.path(), securefile.Cause(err)).
			Fix("remove the file").Because(err)
	}
	return untold, nil
}

// logoutTime is how long AWS may take to be told. Who signs out has better
// things to do than to wait for a network that is not there.
const logoutTime = 8 * time.Second

// logOut makes the call
// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_Logout.html).
// A token that AWS does not take any more has been signed out before.
func (s *Session) logOut(ctx context.Context, t *token) error {
	client, err := s.Client()
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, logoutTime)
	defer cancel()
	err = client.JSON(limited, bearer.Request{
		Method: http.MethodPost, URL: strings.TrimSuffix(s.Portal, "/") + "/logout",
		Header: http.Header{"X-Amz-Sso_bearer_token": {t.access.Reveal()}},
	}, nil)
	switch {
	case tokenRefused(err):
		return nil
	case limited.Err() != nil:
		return &bearer.Unreachable{Host: hostOf(s.Portal), Err: context.DeadlineExceeded}
	}
	return bearer.OfAWS(err)
}
