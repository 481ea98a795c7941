package exec

import "time"

// Inside is the session of this tool that an environment is in, as Handover
// set it. It is for showing: anyone may have changed the variables since.
type Inside struct {
	// Profile is the profile asked for, or the role's ARN.
	Profile string
	// AccountID is empty where it was not known, or its variable is off.
	AccountID string
	// AccessKeyID is empty where the credentials have been taken out again.
	AccessKeyID string
	// Temporary says that a session token goes with it.
	Temporary bool
	// Expires is when AWS stops accepting it, in UTC; zero for long-lived
	// keys, and where the variable does not hold a time.
	Expires time.Time
}

// InsideOf reads the session that an environment is in; false for none.
func InsideOf(environ []string) (Inside, bool) {
	env := newEnvironment(environ)
	inside := Inside{
		Profile: env.value(profileMarker), AccountID: env.value(accountID),
		AccessKeyID: env.value(accessKeyID), Temporary: env.value(sessionToken) != "",
	}
	if ends, err := time.Parse(time.RFC3339, env.value(expiration)); err == nil {
		inside.Expires = ends.UTC()
	}
	return inside, inside.Profile != ""
}
