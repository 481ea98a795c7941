package cmd

import (
	"context"
	"slices"

	"assume-role/internal/cache"
)

// recordKey puts the key into the index and forgets the sessions that the key
// it replaces had made.
func (a *app) recordKey(ctx context.Context, name, accessKeyID string) error {
	return a.recordOwned(ctx, a.knownKey(name, accessKeyID))
}

// knownKey is a key with what the index knows of it.
func (a *app) knownKey(name, accessKeyID string) cache.StoredKey {
	if entry, ok := a.storedEntry(name); ok && entry.AccessKeyID == accessKeyID {
		return entry
	}
	return cache.StoredKey{Profile: name, AccessKeyID: accessKeyID}
}

// recordOwned is recordKey of an entry that says whose it is. This run knows the
// key even where the index cannot be written.
func (a *app) recordOwned(ctx context.Context, key cache.StoredKey) error {
	a.noteKept(a.forgetReplaced(ctx, key.Profile, key.AccessKeyID))
	others := slices.DeleteFunc(slices.Clone(a.stored()), func(k cache.StoredKey) bool { return k.Profile == key.Profile })
	a.stored = func() []cache.StoredKey { return append(others, key) }
	index, err := a.index()
	if err != nil {
		return err
	}
	return index.PutKey(key)
}

// storedEntry is what the index says of a profile's key.
func (a *app) storedEntry(name string) (cache.StoredKey, bool) {
	stored := a.stored()
	i := slices.IndexFunc(stored, func(k cache.StoredKey) bool { return k.Profile == name })
	if i < 0 {
		return cache.StoredKey{}, false
	}
	return stored[i], true
}

// forgetReplaced forgets the sessions that a profile's key had made, unless it
// is the same key, and returns those that stayed.
func (a *app) forgetReplaced(ctx context.Context, name, accessKeyID string) []cache.Failure {
	if old, ok := a.storedKey(name); ok && old != accessKeyID {
		return a.forgetSessionsOf(ctx, old)
	}
	return nil
}
