package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// static is a key pair in a file, which the chain already carries.
func static() source {
	return source{kind: profile.Static, identity: keysIdentity, credentials: lasting(carried)}
}

// carried returns the credentials that came with the chain.
func carried(_ context.Context, w *walk) (creds.Credentials, error) { return w.chain.Source.Keys, nil }
