package login

import (
	"errors"
	"net/http"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// fail begins an error about the session.
func (s *Session) fail(code fault.Code, format string, args ...any) *fault.Error {
	return fault.New(code, format, args...).In(s.Profile).At(s.Origin)
}

// again is the error that only a new sign-in mends.
func (s *Session) again(code fault.Code, format string, args ...any) *fault.Error {
	err := s.fail(code, format, args...).Fix("sign in again with: %s", s.SignIn)
	err.SignedOut = true
	return err
}

func (s *Session) signedOut() error {
	err := s.fail(fault.NoCredentials, "login_session: nobody is signed in as %s", s.Identity).Fix("sign in with: %s", s.SignIn)
	err.SignedOut = true
	return err
}

func (s *Session) unreadable(err error) error {
	return s.fail(fault.FileUnreadable, "login_session: %s cannot be read: %v", s.path(), securefile.Cause(err)).
		Fix("make it a file that you can read, or sign in again with: %s", s.SignIn).Because(err)
}

// damaged never quotes the file: why is one of this package's own errors.
func (s *Session) damaged(why error) error {
	return s.again("", "login_session: %s is damaged: %v", s.path(), why)
}

func (s *Session) unwritable(err error) error {
	return s.fail("", "login_session: the session is not refreshed, because its successor could not be kept: %s cannot be written: %v", s.Folder, securefile.Cause(err)).
		Fix("make the folder writable").Because(err)
}

func (s *Session) unlockable() *fault.Error {
	return s.fail("", "login_session: the session is not touched, because no other process could be kept from doing the same").
		Fix("--debug says what is wrong with the folder for locks")
}

func (s *Session) incomplete() error {
	return s.again("", "login_session: the session could not be refreshed: AWS Sign-In's answer holds no credentials")
}

func (s *Session) tooLong(ttl time.Duration) error {
	return s.fail(fault.InvalidValue, "--min-ttl %s cannot be had: AWS gives credentials of `aws login` for at most %s at a time", ttl, Longest).
		Fix("ask for less, or for a role on top of it")
}

// failed names what AWS Sign-In refused. The rest stays what it is.
func (s *Session) failed(err error) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	return s.refused(refusal).Because(err)
}

// refused reads the reasons of AccessDeniedException
// (https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
func (s *Session) refused(r *bearer.Refusal) *fault.Error {
	switch {
	case r.Reason == "TOKEN_EXPIRED" || r.Reason == "AUTHCODE_EXPIRED":
		return s.again(fault.NoCredentials, "login_session: the sign-in as %s has ended", s.Identity)
	case r.Reason == "USER_CREDENTIALS_CHANGED":
		return s.again(fault.NoCredentials, "login_session: the sign-in as %s has ended, because its password was changed", s.Identity)
	case r.Reason == "INSUFFICIENT_PERMISSIONS":
		return s.fail("", "login_session: %s may not get credentials by signing in", s.Identity).
			Fix("have the policy SignInLocalDevelopmentAccess attached to it")
	case r.Status == http.StatusTooManyRequests:
		return s.fail("", "login_session: AWS Sign-In limits how often it may be asked").Fix("try again in a minute")
	}
	return s.again("", "login_session: the session could not be refreshed: AWS Sign-In refused it: %v", r)
}
