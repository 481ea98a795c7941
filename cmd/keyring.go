package cmd

import (
	"context"

	"assume-role/internal/keystore"
)

// keyRing opens the store of long-lived keys.
func (a *app) keyRing(ctx context.Context) (*keystore.Ring, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	return a.ring(ctx, settings.Keyring.Backend, settings.Keyring)
}

// sessionRing opens the store of sessions, which may be another one.
func (a *app) sessionRing(ctx context.Context) (*keystore.Ring, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	return a.ring(ctx, firstOf(settings.SessionBackend, settings.Keyring.Backend), settings.Keyring)
}

// ring opens a store once, so that a passphrase is asked for once.
func (a *app) ring(ctx context.Context, backend string, s KeyringSettings) (*keystore.Ring, error) {
	a.opening.Lock()
	defer a.opening.Unlock()
	if ring := a.rings[backend]; ring != nil {
		return ring, nil
	}
	ring, err := a.openRing(ctx, backend, s)
	if err == nil {
		a.rings[backend] = ring
	}
	return ring, err
}

func (a *app) openRing(ctx context.Context, backend string, s KeyringSettings) (*keystore.Ring, error) {
	options, err := a.ringOptions(ctx, backend, s)
	if err != nil {
		return nil, err
	}
	ring, err := keystore.Open(ctx, options)
	if err != nil {
		return nil, err
	}
	a.debug("keyring: %s (%s)", ring.Backend(), ring.Why())
	return ring, nil
}

// ringOptions say how a store is opened and unlocked.
func (a *app) ringOptions(ctx context.Context, backend string, s KeyringSettings) (keystore.Options, error) {
	dirs, err := a.places()
	if err != nil {
		return keystore.Options{}, err
	}
	phrase := passphrase{app: a, ctx: ctx, settings: s}
	return keystore.Options{
		Backend: backend, ServiceName: s.ServiceName,
		FileDir: firstOf(s.FileDir, dirs.keyring), PassDir: s.PassDir, StateDir: dirs.state,
		Given: phrase.given, Ask: phrase.ask, UnlockTTL: s.FileUnlockTTL,
		Env: a.host.Getenv, Debug: func(text string) { a.debug("%s", text) },
	}, nil
}
