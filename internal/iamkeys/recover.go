package iamkeys

import (
	"errors"

	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// Recover is for stores that do not replace an item in one step: where a run
// ended while it put the new key in the old one's place, and neither can be read
// there, the new one still lies beside it and takes its place. records is
// Rotation.Records. As for Run, only one process may do so at a time.
func Recover(store keystore.Keys, records, profile string) error {
	r, begun, err := findRecord(records, profile)
	if !begun || r.New == "" || err != nil {
		return err
	}
	fresh, err := store.LoadNext(r.Profile)
	switch {
	case lostItem(err):
		return nil // it was replaced, or removed on purpose: then both go
	case err != nil:
		return err
	case fresh.AccessKeyID != r.New:
		return nil
	}
	for _, name := range r.profiles() {
		if err := recoverOne(store, name, name == r.Profile, fresh); err != nil {
			return err
		}
	}
	return nil
}

// recoverOne stores the new key under one name where that has none that could
// be read. With all, one that is missing counts: nobody can have removed it and
// left the new one.
func recoverOne(store keystore.Keys, name string, all bool, fresh creds.Credentials) error {
	_, err := store.LoadKey(name)
	switch {
	case errors.Is(err, keystore.ErrDamaged) || all && errors.Is(err, keystore.ErrNotFound):
		return store.SaveKey(name, fresh)
	case errors.Is(err, keystore.ErrNotFound):
		return nil
	}
	return err
}
