package assume

import (
	"context"
	"errors"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// keyring is a long-lived key in the key store. The chain knows its access
// key id from the index, so that a warm run need not unlock the store for it.
func keyring() source {
	return source{kind: profile.Keyring, identity: storedIdentity, credentials: stored}
}

func storedIdentity(w *walk) map[string]any {
	return map[string]any{"access_key_id": w.chain.Source.Keys.AccessKeyID}
}

// ErrOtherKey says that the key store holds another key than the chain was
// planned with: the index is behind.
var ErrOtherKey = errors.New("the index names another key")

// stored reads the key. One with another id than the index says would be kept
// under the wrong cache key, and so is refused.
func stored(_ context.Context, w *walk) (creds.Credentials, error) {
	s := w.chain.Source
	c, err := w.LoadKey(s.Profile)
	if err != nil {
		return creds.Credentials{}, err
	}
	if s.Keys.AccessKeyID != "" && c.AccessKeyID != s.Keys.AccessKeyID {
		return creds.Credentials{}, fault.New("", "the key store holds key %s and not %s, which the index names", c.AccessKeyID, s.Keys.AccessKeyID).
			In(s.Profile).Fix("store the key again with: assume-role add %s", s.Profile).Because(ErrOtherKey)
	}
	return c, nil
}
