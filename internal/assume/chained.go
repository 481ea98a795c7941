package assume

import (
	"fmt"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// limitChained holds an AssumeRole to an hour where its signer turns out to be
// a session, which the plan could not know (credential_process).
func (w *walk) limitChained(call *profile.Call, signer creds.Credentials) error {
	if call.Kind != profile.AssumeRole || !signer.Temporary() || call.Duration <= profile.LongestChained {
		return nil
	}
	if call.DurationGiven {
		return fault.New(fault.InvalidValue, "--duration is %s, and a role assumed with a session's credentials gets at most 1 hour", call.Duration).
			In(call.Profile).Fix("give 1h or less")
	}
	w.Note(fmt.Sprintf("profile %q: its role is assumed with a session's credentials, for which AWS gives at most 1 hour: asking for 3600 seconds", call.Profile))
	call.Duration = profile.LongestChained
	return nil
}
