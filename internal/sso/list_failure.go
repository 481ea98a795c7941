package sso

import (
	"errors"
	"net/http"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
)

// statusOf is the status of the portal's refusal, 0 where err is none: what is
// explained already is about something else.
func statusOf(err error) int {
	var refusal *bearer.Refusal
	var explained *fault.Error
	if errors.As(err, &explained) || !errors.As(err, &refusal) {
		return 0
	}
	return refusal.Status
}

// listFailed says what the portal had against a list.
func (s *Session) listFailed(err error) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	var explained *fault.Error
	if errors.As(err, &explained) || !errors.As(err, &refusal) {
		return err
	}
	const what = "the accounts and roles of %s cannot be listed: "
	switch {
	case refusal.Status == http.StatusUnauthorized:
		return s.ended("is no longer accepted by AWS").Because(err)
	case refusal.Status == http.StatusForbidden:
		return s.fail(nil, what+"the portal gives no access", s.name()).Fix("ask who manages Identity Center, or sign in as somebody else with: %s", s.SignIn).Because(err)
	case refusal.Status == http.StatusNotFound:
		return s.fail([]string{"sso_region"}, what+"the portal in %s does not know them", s.name(), s.Region).Fix("sso_region must be the Region of the Identity Center instance").Because(err)
	case refusal.Status == http.StatusTooManyRequests:
		return s.busy("listing the accounts and roles of " + s.name()).Because(err)
	case refusal.Code == "InvalidRequestException":
		return s.fail([]string{"sso_region"}, what+"the portal in %s did not understand the request", s.name(), s.Region).
			Fix("sso_region must be the Region of the Identity Center instance").Because(err)
	}
	return s.fail(nil, what+"%v", s.name(), refusal).Fix("see --debug for the request id").Because(err)
}
