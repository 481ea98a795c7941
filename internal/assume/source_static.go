package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// static is a key pair in a file, which the chain already carries.
func static() source {
	return source{kind: profile.Static, check: complete, identity: keysIdentity, credentials: lasting(carried)}
}

// carried returns the credentials that came with the chain.
func carried(_ context.Context, w *walk) (creds.Credentials, error) { return w.chain.Source.Keys, nil }

// complete refuses half a key pair.
func complete(s profile.Source) error {
	if s.Keys.Complete() {
		return nil
	}
	return fault.New(fault.PartialCredentials, "the access key has no secret, or the secret no access key id").In(s.Profile).At(s.Origin).
		Fix("set both aws_access_key_id and aws_secret_access_key")
}
