package keystore

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/99designs/keyring"
)

const (
	// walletBus is the name under which the library looks for KDE's wallet.
	walletBus = "org.kde.kwalletd5"
	// walletName is the wallet that every KDE user has.
	walletName = "kdewallet"
)

// probeKWallet needs KDE's wallet on the session bus, running or to be started.
func probeKWallet(ctx context.Context, _ Options) error {
	names, err := within(ctx, kwallet, answerTime, walletNames)
	if err != nil {
		return err
	}
	if !slices.Contains(names, walletBus) {
		return unusable("no program on D-Bus answers for " + walletBus)
	}
	return nil
}

// walletNames lists what runs on the bus and what it can start.
func walletNames() ([]string, error) {
	conn, err := sessionBus()
	if err != nil {
		return nil, err
	}
	var running, startable []string
	err = errors.Join(
		conn.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&running),
		conn.BusObject().Call("org.freedesktop.DBus.ListActivatableNames", 0).Store(&startable),
	)
	return append(running, startable...), err
}

// openKWallet opens the user's own wallet; its dialog may come up.
func openKWallet(ctx context.Context, o Options) (opened, error) {
	if err := probeKWallet(ctx, o); err != nil {
		return opened{}, err
	}
	limit := patience(o)
	store, err := openStore(ctx, kwallet, limit, keyring.Config{
		ServiceName: walletName, KWalletAppID: o.ServiceName, KWalletFolder: o.ServiceName,
	})
	if err != nil {
		return opened{}, err
	}
	ours := checked{Keyring: verified{store}}
	return opened{store: limited{ctx: ctx, store: ours, backend: kwallet, limit: limit}}, nil
}

// verified reads back what it wrote: the library does not look at what the
// wallet says to a write, and a wallet that was not opened drops it.
type verified struct{ keyring.Keyring }

// Set writes the item and makes sure that it changed; else ErrLocked. What
// another writer has put there meanwhile is a change, too.
func (v verified) Set(item keyring.Item) error {
	before, err := v.Keyring.Get(item.Key)
	if err != nil && !errors.Is(err, keyring.ErrKeyNotFound) && !isSyntax(err) {
		return err
	}
	if err := v.Keyring.Set(item); err != nil {
		return err
	}
	after, err := v.Keyring.Get(item.Key)
	if errors.Is(err, keyring.ErrKeyNotFound) {
		return ErrLocked
	}
	if err == nil && bytes.Equal(after.Data, before.Data) && !bytes.Equal(after.Data, item.Data) {
		return ErrLocked
	}
	return err
}
