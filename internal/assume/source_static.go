package assume

import (
	"context"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// static is a key pair in a file, which the chain already carries.
func static() source {
	return source{kind: profile.Static, check: complete, identity: keysIdentity, credentials: carried}
}

// carried returns the credentials that came with the chain. Where they are
// the result themselves, nobody can make better ones: those that end before
// --min-ttl are refused.
func carried(_ context.Context, w *walk) (creds.Credentials, error) {
	s := w.chain.Source
	left := s.Keys.Expiration.Sub(w.Now())
	if len(w.chain.Calls) > 0 || !w.Policy.Explicit || s.Keys.Expiration.IsZero() || left >= w.Policy.MinTTL {
		return s.Keys, nil
	}
	return creds.Credentials{}, fault.New("", "the credentials end in %s, before the --min-ttl of %s", max(left, 0).Round(time.Second), w.Policy.MinTTL).
		In(s.Profile).At(s.Origin).Fix("get new ones, or ask for less")
}

// complete refuses half a key pair.
func complete(s profile.Source) error {
	if s.Keys.Complete() {
		return nil
	}
	return fault.New(fault.PartialCredentials, "the access key has no secret, or the secret no access key id").In(s.Profile).At(s.Origin).
		Fix("set both aws_access_key_id and aws_secret_access_key")
}
