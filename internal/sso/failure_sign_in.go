package sso

import (
	"errors"
	"net/http"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
)

func (s *Session) denied() *fault.Error {
	return s.signedOut("the sign-in at %s was refused in the browser", s.name())
}

func (s *Session) expiredCode() *fault.Error {
	return s.signedOut("the code for %s expired before it was entered and confirmed", s.name())
}

// notGranted says what AWS had against a call of a sign-in; nil if nothing.
func (s *Session) notGranted(call, start string, c client, err error) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.Status == http.StatusTooManyRequests:
		return s.busy(call).Because(err)
	case refusal.Code == "AccessDeniedException":
		return s.denied().Because(err)
	case refusal.Code == "ExpiredTokenException":
		return s.expiredCode().Because(err)
	case refusal.Code == "InvalidGrantException":
		return s.signedOut("AWS did not take the answer of the browser for %s: it was used before, or is not to this sign-in", s.name()).Because(err)
	case refusal.Code == "InvalidClientException":
		s.forget(start, c.id)
		return s.signedOut("AWS no longer knows the registration of this machine at %s, so it was forgotten", s.name()).Because(err)
	}
	failed := s.fail([]string{"sso_region", "sso_start_url"}, "%s failed: %v", call, refusal).Because(err)
	return failed.Fix("check that sso_start_url is the access portal and sso_region the Region of the same Identity Center instance")
}
