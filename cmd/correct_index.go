package cmd

import (
	"context"
	"errors"
	"slices"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

// corrected runs try, and once more where it failed for want of a stored key
// about which the index turns out to be wrong: the index is a hint, and may be
// lost, or behind a command that was killed.
func corrected[T any](ctx context.Context, a *app, try func() (T, error)) (T, error) {
	result, err := try()
	if !mayBeBehind(err) {
		return result, err
	}
	changed, problem := a.correctIndex(ctx, errors.Is(err, assume.ErrOtherKey))
	if problem != nil {
		a.debug("the index could not be compared with the key store: %s", problem)
	}
	if !changed {
		return result, err
	}
	return try()
}

// mayBeBehind tells the errors that a wrong index can cause.
func mayBeBehind(err error) bool {
	var f *fault.Error
	return errors.Is(err, assume.ErrOtherKey) || errors.As(err, &f) &&
		slices.Contains([]fault.Code{fault.ProfileNotFound, fault.SourceProfileNotFound, fault.NoCredentials, fault.NoSource}, f.Code)
}

// correctIndex records the stored keys that the index does not know. It tells
// them by the names in the store, for which nothing is unlocked; with all it
// reads every key, and corrects the ids as well. What this store lacks stays
// in the index: it may be in another one.
func (a *app) correctIndex(ctx context.Context, all bool) (changed bool, err error) {
	ring, err := a.keyRing(ctx)
	if err != nil {
		return false, err
	}
	names, err := ring.Keys().KeyProfiles()
	if err != nil {
		return false, err
	}
	for _, name := range names {
		if _, known := a.storedKey(name); !known || all {
			changed = a.recordStored(ctx, ring.Keys(), name) || changed
		}
	}
	return changed, nil
}

// recordStored records one stored key, unless the index knows its id. An index
// that cannot be written is corrected for this run.
func (a *app) recordStored(ctx context.Context, keys keystore.Keys, name string) (changed bool) {
	key, err := keys.LoadKey(name)
	if err != nil {
		a.debug("%s", err)
		return false
	}
	if id, _ := a.storedKey(name); id == key.AccessKeyID {
		return false
	}
	if err := a.recordKey(ctx, name, key.AccessKeyID); err != nil {
		a.debug("the index could not be corrected: %s", err)
	}
	return true
}
