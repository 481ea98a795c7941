package iamkeys

import (
	"context"

	"assume-role/internal/assume"
	"assume-role/internal/creds"
	"assume-role/internal/keystore"
)

// Succession is for a rotation that was interrupted and whose old key AWS no
// longer knows: somebody has deleted it or turned it off, or another machine
// with a copy of these files has completed the rotation.
type Succession struct {
	// Store, Records and Identify are those of Rotation.
	Store    keystore.Keys
	Records  string
	Identify func(context.Context, creds.Credentials) (assume.Identity, error)
	// Replaced is told of each name under which the new key is stored, and its
	// id.
	Replaced func(ctx context.Context, profile, accessKeyID string)
}

// Succeed puts the new key, which waits beside the profile's, in the old one's
// place, if AWS says that it is the same user's. It reports whether it did. As
// for Run, only one process may do so at a time.
func (s Succession) Succeed(ctx context.Context, profile string) (done bool, err error) {
	r, begun, err := findRecord(s.Records, profile)
	if !begun || err != nil {
		return false, err
	}
	fresh, err := s.Store.LoadNext(r.Profile)
	switch {
	case lostItem(err) || err == nil && fresh.AccessKeyID == r.Old:
		return false, nil
	case err != nil:
		return false, err
	}
	if id, err := s.Identify(ctx, fresh); err != nil || id.ARN != r.User {
		return false, nil // what AWS says of the stored key tells more
	}
	r.New = fresh.AccessKeyID
	if err := r.write(s.Records); err != nil {
		return false, err
	}
	for _, name := range r.profiles() {
		one, err := s.succeedOne(ctx, name, r.Old, fresh)
		if err != nil {
			return done, err
		}
		done = done || one
	}
	return done, nil
}

// succeedOne replaces the old key under one name, unless that has another.
func (s Succession) succeedOne(ctx context.Context, name, old string, fresh creds.Credentials) (done bool, err error) {
	key, err := s.Store.LoadKey(name)
	switch {
	case lostItem(err) || err == nil && key.AccessKeyID != old:
		return false, nil
	case err != nil:
		return false, err
	}
	if err := s.Store.SaveKey(name, fresh); err != nil {
		return false, err
	}
	s.Replaced(ctx, name, fresh.AccessKeyID)
	return true, nil
}
