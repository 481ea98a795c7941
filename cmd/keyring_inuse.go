package cmd

import (
	"context"

	"assume-role/internal/fault"
	"assume-role/internal/keystore"
)

// storesInUse are the stores of keys and of sessions, in one where they are
// the same.
func (a *app) storesInUse(ctx context.Context) ([]storeView, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	keys, err := a.storeInUse(ctx, settings.Keyring.Backend, settings.Keyring)
	if err != nil {
		return nil, err
	}
	keys.Holds = []string{"keys", "sessions"}
	named := firstOf(settings.SessionBackend, settings.Keyring.Backend)
	if named == settings.Keyring.Backend {
		return []storeView{keys}, nil
	}
	sessions, err := a.storeInUse(ctx, named, settings.Keyring)
	if err != nil || sessions.Backend == keys.Backend {
		return []storeView{keys}, err
	}
	keys.Holds, sessions.Holds = []string{"keys"}, []string{"sessions"}
	return []storeView{keys, sessions}, nil
}

// storeInUse finds the store that a setting leads to, and opens none.
func (a *app) storeInUse(ctx context.Context, named string, s KeyringSettings) (storeView, error) {
	options, err := a.ringOptions(ctx, named, s)
	if err != nil {
		return storeView{}, err
	}
	survey := keystore.Look(ctx, options)
	if survey.Err != nil {
		return storeView{}, survey.Err
	}
	return storeView{
		Backend: survey.Backend, Why: survey.Why, Problem: survey.Problem, State: keystore.Unknown, named: named, settings: s,
	}, nil
}

// fileStoreInUse opens the file store among those in use; without one, the
// error says what the store of the keys has instead.
func (a *app) fileStoreInUse(ctx context.Context) (*keystore.Ring, error) {
	stores, err := a.storesInUse(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range stores {
		if keystore.HasPassphrase(s.Backend) {
			return a.ring(ctx, s.named, s.settings)
		}
	}
	return nil, fault.New(fault.InvalidValue, "the %s key store has no passphrase of this tool's", stores[0].Backend).
		Fix("%s", keystore.PassphraseElsewhere(stores[0].Backend))
}
