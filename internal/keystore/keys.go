package keystore

import (
	"encoding/json"
	"errors"
	"slices"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// Keys is the part of a store that holds long-lived access keys, one pair a
// profile (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html).
type Keys struct{ ring *Ring }

// storedKey is the item of one profile's access key. Version guards against
// reading what a later release wrote in another form.
type storedKey struct {
	Version   int    `json:"version"`
	Profile   string `json:"profile"`
	ID        string `json:"access_key_id"`
	Secret    string `json:"secret_access_key"`
	AccountID string `json:"account_id,omitempty"`
}

// keyVersion is the only form of storedKey so far.
const keyVersion = 1

// Keys returns the view of the ring's long-lived keys.
func (r *Ring) Keys() Keys { return Keys{r} }

// SaveKey stores the profile's long-lived key, replacing an older one.
// Temporary and incomplete credentials are refused.
func (k Keys) SaveKey(profile string, c creds.Credentials) error {
	return k.save(keyPrefix, profile, c)
}

// save writes one key item.
func (k Keys) save(prefix, profile string, c creds.Credentials) error {
	if c.Temporary() || !c.Complete() {
		return fault.New(fault.InvalidValue, "only a complete long-lived access key can be stored").In(profile)
	}
	data, err := json.Marshal(storedKey{
		Version: keyVersion, Profile: profile,
		ID: c.AccessKeyID, Secret: c.SecretAccessKey.Reveal(), AccountID: c.AccountID,
	})
	if err != nil {
		return fault.New("", "the access key cannot be written as JSON").In(profile).Because(err)
	}
	return inProfile(profile, k.ring.Set(itemName(prefix, profile), data))
}

// LoadKey returns the profile's long-lived key. Without one the error is
// ErrNotFound; for an item that cannot be trusted it is ErrDamaged.
func (k Keys) LoadKey(profile string) (creds.Credentials, error) {
	key, err := k.load(itemName(keyPrefix, profile))
	if err == nil && key.Profile != profile {
		err = ErrDamaged
	}
	if errors.Is(err, ErrDamaged) {
		return creds.Credentials{}, k.damaged(profile, err)
	}
	if err != nil {
		return creds.Credentials{}, inProfile(profile, err)
	}
	return key.credentials(), nil
}

func (k storedKey) credentials() creds.Credentials {
	return creds.Credentials{AccessKeyID: k.ID, SecretAccessKey: creds.Secret(k.Secret), AccountID: k.AccountID}
}

// RemoveKey takes the profile's key out of the store, and the one that was to
// replace it. A missing one is no error.
func (k Keys) RemoveKey(profile string) error {
	if err := k.RemoveNext(profile); err != nil {
		return err
	}
	return inProfile(profile, k.ring.Remove(itemName(keyPrefix, profile)))
}

// KeyProfiles returns the profiles with a key in the store, sorted. Nothing is
// unlocked for it, unless a profile's name is longer than a file name can be.
func (k Keys) KeyProfiles() ([]string, error) {
	items, err := k.ring.Names(keyPrefix)
	if err != nil {
		return nil, err
	}
	profiles := make([]string, 0, len(items))
	for _, item := range items {
		profile, ok := itemText(keyPrefix, item)
		if !ok {
			key, err := k.load(item)
			if err != nil {
				return nil, err
			}
			profile = key.Profile
		}
		profiles = append(profiles, profile)
	}
	slices.Sort(profiles)
	return profiles, nil
}

// load reads one key item.
func (k Keys) load(item string) (storedKey, error) {
	data, err := k.ring.Get(item)
	if err != nil {
		return storedKey{}, err
	}
	var key storedKey
	if json.Unmarshal(data, &key) != nil || key.Version < 1 || key.ID == "" || key.Secret == "" {
		return storedKey{}, ErrDamaged
	}
	if key.Version > keyVersion {
		return storedKey{}, fault.New("", "the access key was stored by a later release of this tool").
			Fix("update this tool, or add the key again")
	}
	return key, nil
}

// damaged is the error of a key item that is not what was written.
func (k Keys) damaged(profile string, cause error) error {
	return fault.New(fault.NoCredentials, "the access key in the %s key store is damaged", k.ring.backend).
		In(profile).Fix("add the key again with `assume-role add`").Because(cause)
}

// inProfile names the profile in an error that a user will see.
func inProfile(profile string, err error) error {
	var shown *fault.Error
	if errors.As(err, &shown) {
		return shown.In(profile)
	}
	return err
}
