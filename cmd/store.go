package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"assume-role/internal/cache"
	"assume-role/internal/keystore"
)

// sessionStore is the session cache's side of the keyring. The keyring is
// opened by the first use.
type sessionStore struct {
	open func() (*keystore.Ring, error)
	// dispensable tells the errors that the cache may do without a store for.
	dispensable func(error) bool
}

// sessionStore returns the store that session.backend names, else that of the
// keys.
func (a *app) sessionStore(ctx context.Context) *sessionStore {
	return &sessionStore{
		open:        sync.OnceValues(func() (*keystore.Ring, error) { return a.sessionRing(ctx) }),
		dispensable: a.dispensable,
	}
}

// Get implements cache.Store.
func (s *sessionStore) Get(key string) ([]byte, error) {
	ring, err := s.open()
	if err != nil {
		return nil, s.translate(err)
	}
	data, err := ring.Sessions().Get(key)
	return data, s.translate(err)
}

// Set implements cache.Store.
func (s *sessionStore) Set(key string, value []byte) error {
	ring, err := s.open()
	if err != nil {
		return err
	}
	err = ring.Sessions().Set(key, value)
	if errors.Is(err, keystore.ErrLocked) {
		return s.translate(err)
	}
	return err
}

// Names implements cache.Remover.
func (s *sessionStore) Names() ([]string, error) {
	ring, err := s.open()
	if err != nil {
		return nil, err
	}
	return ring.Sessions().Names()
}

// Remove implements cache.Remover.
func (s *sessionStore) Remove(key string) error {
	ring, err := s.open()
	if err != nil {
		return err
	}
	return s.translate(ring.Sessions().Remove(key))
}

func (s *sessionStore) translate(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, keystore.ErrNotFound):
		return fs.ErrNotExist
	case errors.Is(err, keystore.ErrDamaged):
		return cache.ErrCorrupt
	case s.dispensable(err):
		return fmt.Errorf("%w: %w", cache.ErrDispensable, err)
	}
	return err
}

// dispensable: in CI and containers, where nobody can unlock a store, a locked
// or absent one must not stop a chain that needs nothing from it. A wrong
// passphrase, and a store that was chosen by name and does not work, are
// mistakes to mend all the same.
func (a *app) dispensable(err error) bool {
	settings, settingsErr := a.settings()
	if settingsErr != nil || a.someoneThere(settings) {
		return false
	}
	if errors.Is(err, keystore.ErrLocked) || errors.Is(err, keystore.ErrSlow) {
		return true
	}
	chosen := firstOf(settings.SessionBackend, settings.Keyring.Backend)
	return chosen == keystore.Auto && !errors.Is(err, keystore.ErrWrongPassphrase)
}

func (a *app) someoneThere(settings Settings) bool {
	return settings.Prompt != "never" && a.host.ErrTerminal && !a.terminal.taken()
}

// sessionCache is the cache without a policy, for clearing.
func (a *app) sessionCache(ctx context.Context) (*cache.Cache, error) {
	index, err := a.index()
	if err != nil {
		return nil, err
	}
	store := a.sessionStore(ctx)
	return &cache.Cache{
		Store: store, Remover: store, Index: index, Locks: index.Locks, Now: a.host.Now,
		Note: a.note, Debug: func(line string) { a.debug("%s", line) },
	}, nil
}

// forgetSessionsOf drops the sessions made from a long-lived key that is being
// replaced or removed, and returns those that stayed. They are worth nothing
// any more; that they could not be dropped is no reason to keep the key.
func (a *app) forgetSessionsOf(ctx context.Context, accessKeyID string) (kept []cache.Failure) {
	sessions, err := a.sessionCache(ctx)
	if err != nil {
		a.debug("%s", err)
		return nil
	}
	return sessions.Clear(cache.Filter{SourceKeys: []string{accessKeyID}}).Kept
}

// noteKept says that sessions of a key that is gone stayed.
func (a *app) noteKept(kept []cache.Failure) {
	if len(kept) > 0 {
		a.note(fmt.Sprintf("%s of the old key stayed, and will not be used: %s", count(len(kept), "session"), kept[0].Err))
	}
}
