package cmd

import (
	"context"
	"errors"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

// namedKey is a long-lived access key and the profile that it is of.
type namedKey struct {
	profile string
	key     creds.Credentials
}

// storeKeys stores all of the keys, or refuses before the first. Each is read
// back; the index has it before anybody may rely on it.
func (a *app) storeKeys(ctx context.Context, keys []namedKey, replace bool) (backend string, err error) {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return "", err
	}
	if keystore.Volatile(ring.Backend()) {
		return "", fault.New("", "the %s key store forgets everything when you log out", ring.Backend()).
			Fix("nothing was changed: choose another with --keyring-backend")
	}
	var missing []namedKey
	for _, k := range keys {
		there, err := a.isStored(ring.Keys(), k, replace)
		if err != nil {
			return "", err
		}
		if !there {
			missing = append(missing, k)
		}
	}
	for _, k := range missing {
		if err := a.storeKey(ctx, ring, k); err != nil {
			return "", err
		}
	}
	for _, k := range keys {
		entry := a.knownKey(k.profile, k.key.AccessKeyID)
		entry.AccountID = firstOf(entry.AccountID, k.key.AccountID)
		if err := a.recordOwned(ctx, entry); err != nil {
			a.note("the keys are stored, but `list` may not show them: the index could not be written: " + err.Error())
		}
	}
	return ring.Backend(), nil
}

// isStored reports whether the store has the key already. Another key of that
// name goes only if that was asked for.
func (a *app) isStored(keys keystore.Keys, k namedKey, replace bool) (bool, error) {
	stored, err := keys.LoadKey(k.profile)
	switch {
	case errors.Is(err, keystore.ErrNotFound), errors.Is(err, keystore.ErrDamaged) && replace:
		return false, nil
	case err != nil:
		return false, err
	case sameKey(stored, k.key):
		return true, nil
	case !replace:
		return false, otherKey(k.profile, stored.AccessKeyID)
	}
	return false, nil
}

// storeKey stores one key and makes sure that it is there.
func (a *app) storeKey(ctx context.Context, ring *keystore.Ring, k namedKey) error {
	a.forgetReplaced(ctx, k.profile, k.key.AccessKeyID)
	if err := ring.Keys().SaveKey(k.profile, k.key); err != nil {
		return err
	}
	back, err := ring.Keys().LoadKey(k.profile)
	if err == nil && sameKey(back, k.key) {
		return nil
	}
	return fault.New("", "the %s key store did not give back the key that was written to it", ring.Backend()).In(k.profile).
		Fix("the key is still where it was; look into the store, or choose another with --keyring-backend").Because(err)
}

func sameKey(a, b creds.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecretAccessKey == b.SecretAccessKey
}
