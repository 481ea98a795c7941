package keystore

import (
	"errors"

	"assume-role/internal/creds"
)

// SaveNext stores the key that is to take the place of the profile's, beside
// it: commands go on with the profile's own until SaveKey replaces it. The item
// is kept, moved and rekeyed like the key itself.
func (k Keys) SaveNext(profile string, c creds.Credentials) error {
	return k.save(nextPrefix, profile, c)
}

// LoadNext returns what SaveNext stored, ErrNotFound, or ErrDamaged for an item
// that cannot be trusted.
func (k Keys) LoadNext(profile string) (creds.Credentials, error) {
	key, err := k.load(itemName(nextPrefix, profile))
	if err == nil && key.Profile != profile {
		err = ErrDamaged
	}
	if errors.Is(err, ErrNotFound) || errors.Is(err, ErrDamaged) {
		return creds.Credentials{}, err
	}
	return key.credentials(), inProfile(profile, err)
}

// RemoveNext takes it out of the store. A missing one is no error.
func (k Keys) RemoveNext(profile string) error {
	return inProfile(profile, k.ring.Remove(itemName(nextPrefix, profile)))
}
