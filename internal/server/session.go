package server

import (
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const (
	// window is how long before a session's end SDKs ask for the next one:
	// botocore does 15 minutes before, the others later.
	window = 15 * time.Minute
	// correction is how far a clock may be set back without a doubt about a
	// session's age.
	correction = 30 * time.Second
)

// session is what a profile's clients get until there is a newer one. Its
// answers are made once.
type session struct {
	key        string
	expires    time.Time
	obtained   time.Time
	generation int64
	window     time.Duration // the SDKs', at most a quarter of the lifetime
	container  []byte
	metadata   []byte
}

func newSession(c creds.Credentials, role string, now time.Time, lifetime time.Duration, generation int64) *session {
	return &session{
		key: c.AccessKeyID, expires: c.Expiration.Round(0), obtained: now, generation: generation,
		window:    min(window, lifetime/4),
		container: containerJSON(c, role), metadata: metadataJSON(c, now),
	}
}

// same reports whether AWS gave both in one call.
func (s *session) same(other *session) bool {
	return s.key == other.key && s.expires.Equal(other.expires)
}

// left is how long the session lasts, by the clock on the wall: a computer that
// slept counts the time. A clock that was set back says nothing of its age.
func (s *session) left(now time.Time) time.Duration {
	if now.Before(s.obtained.Add(-correction)) {
		return 0
	}
	return max(0, s.expires.Sub(now))
}

// unknownEnd is when SDKs should ask again for a session of which only its maker
// knows the end, such as one from the environment.
const unknownEnd = time.Hour

// servable refuses what SDKs cannot use: they want a token and an end from an
// endpoint. Long-lived keys have neither, and do not belong on a port.
func servable(profile string, c creds.Credentials, now time.Time) (creds.Credentials, error) {
	switch {
	case !c.Complete():
		return c, fault.New(fault.NoCredentials, "no credentials came of it").In(profile)
	case !c.Temporary():
		return c, fault.New(fault.InvalidValue, "it gives long-lived keys, which a credential server does not hand out").
			In(profile).Fix("set session_token = always in the profile, or give it a role_arn")
	case c.Expiration.IsZero():
		c.Expiration = now.Add(unknownEnd)
	case !c.Expiration.After(now):
		return c, fault.New("", "its session has ended already, at %s", c.ExpirationText()).
			In(profile).Fix("set this computer's clock")
	}
	return c, nil
}
