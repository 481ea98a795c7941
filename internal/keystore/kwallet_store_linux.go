package keystore

import (
	"cmp"
	"encoding/json"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"
)

// walletPath and walletFace are where the wallet answers
// (https://api.kde.org/kwallet-index.html).
const (
	walletPath = "/modules/kwalletd5"
	walletFace = "org.kde.KWallet"
)

// entries are those of one folder of a wallet, as github.com/99designs/keyring
// writes them: the item in JSON.
type entries struct {
	wallet dbus.BusObject
	name   string
	// handle is of the wallet when it was opened; the user may close it.
	handle      int32
	folder, app string
}

// newWallet opens a wallet; its dialog may come up. What the configuration
// leaves out is as the library has it.
func newWallet(c keyring.Config) (e entries, err error) {
	conn, err := sessionBus()
	if err != nil {
		return e, err
	}
	e = entries{
		wallet: conn.Object(walletBus, walletPath), name: cmp.Or(c.ServiceName, walletName),
		folder: cmp.Or(c.KWalletFolder, "keyring"), app: cmp.Or(c.KWalletAppID, "keyring"),
	}
	e.handle, err = e.open()
	return e, err
}

func (e entries) call(method string, args ...any) *dbus.Call {
	return e.wallet.Call(walletFace+"."+method, 0, args...)
}

// open asks for a handle of the wallet: its dialog may come up. It is no handle
// where that was dismissed, and nothing is then read or written.
func (e entries) open() (handle int32, err error) {
	const noWindow = int64(0)
	err = e.call("open", e.name, noWindow, e.app).Store(&handle)
	return handle, err
}

// opened is a handle that is good now.
func (e entries) opened() (int32, error) {
	var open bool
	if err := e.call("isOpen", e.handle).Store(&open); err != nil || open {
		return e.handle, err
	}
	return e.open()
}

// Get returns the item.
func (e entries) Get(name string) (keyring.Item, error) {
	handle, err := e.opened()
	if err != nil {
		return keyring.Item{}, err
	}
	var text []byte
	if err := e.call("readEntry", handle, e.folder, name, e.app).Store(&text); err != nil {
		return keyring.Item{}, err
	}
	if len(text) == 0 {
		return keyring.Item{}, keyring.ErrKeyNotFound
	}
	return written(text)
}

// GetMetadata has none to give.
func (e entries) GetMetadata(string) (keyring.Metadata, error) {
	return keyring.Metadata{}, keyring.ErrMetadataNeedsCredentials
}

// Set writes the item in the place of one of that name.
func (e entries) Set(item keyring.Item) error {
	handle, err := e.opened()
	if err != nil {
		return err
	}
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	return e.call("writeEntry", handle, e.folder, item.Key, text, e.app).Err
}

// Remove removes the item.
func (e entries) Remove(name string) error {
	handle, err := e.opened()
	if err != nil {
		return err
	}
	return e.call("removeEntry", handle, e.folder, name, e.app).Err
}

// Keys lists the names of all entries.
func (e entries) Keys() (names []string, err error) {
	handle, err := e.opened()
	if err != nil {
		return nil, err
	}
	err = e.call("entryList", handle, e.folder, e.app).Store(&names)
	return names, err
}
