package sso

import (
	"errors"
	"net/http"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// name is what messages call the sign-in: the section's name, else the start
// URL.
func (s *Session) name() string {
	if s.Name != "" {
		return "[sso-session " + s.Name + "]"
	}
	return s.StartURL
}

// fail begins an error with the line of the first of the settings that has
// one.
func (s *Session) fail(settings []string, format string, args ...any) *fault.Error {
	err := fault.New("", format, args...).In(s.Profile)
	for _, name := range append(settings, "sso_session", "sso_start_url") {
		err = err.At(s.Origins[name])
	}
	return err
}

// signedOut is the error that only a sign-in mends.
func (s *Session) signedOut(format string, args ...any) *fault.Error {
	err := s.fail(nil, format, args...).Fix("sign in with: %s", s.SignIn)
	err.Code, err.SignedOut = fault.NoCredentials, true
	return err
}

func (s *Session) ended(how string) *fault.Error {
	return s.signedOut("the sign-in at %s %s", s.name(), how)
}

func (s *Session) unreadable(err error) error {
	return s.fail(nil, "the token of %s cannot be read: %s: %v", s.name(), s.path(), securefile.Cause(err)).
		Fix("make it a file that you can read, or sign in with: %s", s.SignIn).Because(err)
}

func (s *Session) stuck(e errand, held *securefile.HeldError) error {
	return s.fail(nil, "waited %s for %s, which is %s", e.patience, held.Holder(), e.doing).
		Fix("end that process").Because(held)
}

func (s *Session) incomplete(call string) error {
	return s.fail(nil, "%s failed: the answer is not complete", call).Fix("check endpoint_url and the proxy, and try again")
}

func (s *Session) busy(call string) *fault.Error {
	return s.fail(nil, "%s failed: AWS limits how often it may be asked", call).Fix("try again in a minute")
}

// notRefreshed says what AWS had against a refresh. Whatever it names, a
// sign-in makes a new registration and a new token.
func (s *Session) notRefreshed(t *token, err error) error {
	err = bearer.OfAWS(err)
	if isCode(err, "InvalidClientException") {
		s.forget(t.text(startURL), t.text(clientID))
	}
	var refusal *bearer.Refusal
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.Status == http.StatusTooManyRequests:
		return s.busy("CreateToken").Because(err)
	case refusal.Code == "InvalidGrantException" || refusal.Code == "ExpiredTokenException":
		return s.ended("has ended").Because(err)
	}
	return s.signedOut("the token of %s could not be refreshed: %v", s.name(), refusal).Because(err)
}

// isSignedOut reports whether only a sign-in mends an error.
func isSignedOut(err error) bool {
	var told *fault.Error
	return errors.As(err, &told) && told.SignedOut
}

// isCode reports whether AWS refused a call under a name.
func isCode(err error, code string) bool {
	var refusal *bearer.Refusal
	return errors.As(err, &refusal) && refusal.Code == code
}

// isStatus reports whether a call was refused with a status of HTTP's.
func isStatus(err error, status int) bool {
	var refusal *bearer.Refusal
	return errors.As(err, &refusal) && refusal.Status == status
}

// tokenRefused reports whether it is the access token that AWS does not take.
func tokenRefused(err error) bool {
	var refusal *bearer.Refusal
	return errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && refusal.Code != ""
}

// explained says what the portal had against a call.
func (s *Session) explained(err error, role Role) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.Status == http.StatusUnauthorized:
		return s.ended("is no longer accepted by AWS").Because(err)
	case refusal.Status == http.StatusForbidden:
		return s.fail([]string{"sso_role_name"}, "the role %s of account %s is not assigned to who is signed in at %s", role.Name, role.Account, s.name()).
			Fix("see what is under %s, and correct sso_account_id and sso_role_name", s.StartURL).Because(err)
	case refusal.Status == http.StatusNotFound:
		return s.fail([]string{"sso_account_id"}, "Identity Center knows no role %s of account %s", role.Name, role.Account).
			Fix("correct sso_account_id and sso_role_name").Because(err)
	case refusal.Status == http.StatusTooManyRequests:
		return s.busy("GetRoleCredentials").Because(err)
	case refusal.Code == "InvalidRequestException":
		return s.fail([]string{"sso_region"}, "GetRoleCredentials failed: the portal in %s did not understand the request", s.Region).
			Fix("sso_region must be the Region of the Identity Center instance").Because(err)
	}
	return s.fail(nil, "GetRoleCredentials failed: %v", refusal).Fix("see --debug for the request id").Because(err)
}
