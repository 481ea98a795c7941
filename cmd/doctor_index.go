package cmd

import (
	"context"
	"errors"
	"slices"
	"strings"

	"assume-role/internal/cache"
	"assume-role/internal/keystore"
)

// sessionIndex: the index says what the key store holds. It is corrected.
func (x *examination) sessionIndex(ctx context.Context) []finding {
	settings, err := x.app.settings()
	if err != nil {
		return unread()
	}
	sessions, err := x.quietRing(ctx, firstOf(settings.SessionBackend, settings.Keyring.Backend))
	if err != nil {
		return []finding{x.notCompared(err)}
	}
	done, err := x.reindex(ctx, sessions)
	if err != nil {
		return []finding{x.notCompared(err)}
	}
	found := fine("%s in the store%s", count(done.Sessions, "session"), corrections(done))
	ring, err := x.quietRing(ctx, settings.Keyring.Backend)
	if err != nil {
		return []finding{found}
	}
	return slices.Concat([]finding{found}, x.storedKeys(ctx, ring), x.storedDevices(ring))
}

func corrections(done cache.Reindexed) string {
	var parts []string
	if done.Added > 0 {
		parts = append(parts, count(done.Added, "session")+" entered in the index")
	}
	if done.Dropped > 0 {
		parts = append(parts, count(done.Dropped, "session")+" taken out of it")
	}
	if done.Unread > 0 {
		parts = append(parts, count(done.Unread, "session")+" not read, because the store is locked or they are damaged")
	}
	if parts == nil {
		return ", all in the index"
	}
	return ": " + strings.Join(parts, ", ")
}

// notCompared is why the index stays as it is.
func (x *examination) notCompared(err error) finding {
	index, indexErr := x.app.index()
	if indexErr == nil {
		_, indexErr = index.Read()
	}
	if indexErr != nil {
		return warning("the next commands make it anew", "%s", indexErr)
	}
	said := failing(err)
	const message = "the index can be read, and was not compared with the store: %s"
	if errors.Is(err, errDialog) || errors.Is(err, keystore.ErrLocked) {
		return fine(message, said.Message)
	}
	return warning(said.Fix, message, said.Message)
}

// errDialog keeps doctor from opening a store that would ask a person.
var errDialog = errors.New("that would open a dialog")

// quietRing opens a store that asks nobody.
func (x *examination) quietRing(ctx context.Context, backend string) (*keystore.Ring, error) {
	settings, err := x.app.settings()
	if err != nil {
		return nil, err
	}
	options, err := x.app.ringOptions(ctx, backend, settings.Keyring)
	if err != nil {
		return nil, err
	}
	survey := x.survey()
	if backend != settings.Keyring.Backend {
		survey = keystore.Look(ctx, options)
	}
	if survey.Err != nil {
		return nil, survey.Err
	}
	quiet, ok := options.Quiet(survey.Backend)
	if !ok {
		return nil, errDialog
	}
	return keystore.Open(ctx, quiet)
}

func (x *examination) reindex(ctx context.Context, ring *keystore.Ring) (cache.Reindexed, error) {
	sessions, err := x.app.sessionCache(ctx)
	if err != nil {
		return cache.Reindexed{}, err
	}
	store := &sessionStore{open: func() (*keystore.Ring, error) { return ring, nil }, dispensable: x.app.dispensable}
	sessions.Store, sessions.Remover = store, store
	return sessions.Reindex()
}

// storedKeys enters the keys that the index does not know, and names those
// that only the index knows.
func (x *examination) storedKeys(ctx context.Context, ring *keystore.Ring) []finding {
	names, err := ring.Keys().KeyProfiles()
	if err != nil {
		return []finding{failing(err)}
	}
	own := *x.app // the checks beside this one go on with what the index said
	for _, name := range names {
		if _, known := own.storedKey(name); !known {
			own.recordStored(ctx, ring.Keys(), name)
		}
	}
	var found []finding
	for _, key := range own.stored() {
		if !slices.Contains(names, key.Profile) {
			found = append(found, warning("assume-role add "+key.Profile+", or assume-role remove "+key.Profile,
				"the index knows of a key of profile %q that is not in the %s store", key.Profile, ring.Backend()))
		}
	}
	return append([]finding{fine("%s in the store", count(len(names), "access key"))}, bounded(found, "key")...)
}

// storedDevices enters the MFA devices with a stored secret that the index does
// not know, and names those that only the index knows.
func (x *examination) storedDevices(ring *keystore.Ring) []finding {
	serials, err := ring.TOTPs().Serials()
	if err != nil {
		return []finding{failing(err)}
	}
	known := x.app.known().Devices
	for _, serial := range serials {
		if !slices.Contains(known, serial) {
			x.app.correctDevice(serial)
		}
	}
	var found []finding
	for _, serial := range known {
		if !slices.Contains(serials, serial) {
			found = append(found, warning("assume-role mfa add "+serial+", or assume-role mfa remove "+serial,
				"the index knows of a TOTP secret of %s that is not in the %s store", serial, ring.Backend()))
		}
	}
	if len(serials)+len(found) == 0 {
		return nil
	}
	return append([]finding{fine("%s in the store", count(len(serials), "TOTP secret"))}, bounded(found, "TOTP secret")...)
}
