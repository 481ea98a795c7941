package keystore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/99designs/keyring"
	"github.com/godbus/dbus"

	"assume-role/internal/keystore/nodbus"
)

// sessionBus returns the process's connection to the session bus, which is made
// at the first call. Where none answers, it starts none.
func sessionBus() (*dbus.Conn, error) {
	const silent = unusable("no D-Bus session bus answers")
	if !nodbus.Answers() {
		return nil, silent
	}
	nodbus.Restore()
	conn, err := dbus.SessionBus()
	nodbus.Restore() // the library notes the address that it found
	if err != nil {
		return nil, silent
	}
	return conn, nil
}

// present reports whether this machine may have the backend.
func present(name string) bool {
	if name == secretService || name == kwallet {
		_, err := sessionBus()
		return err == nil
	}
	return compiled(name)
}

// openStore opens a store as the library's configuration says. The library has
// those on D-Bus only where it connected while it was initialised, so they are
// ours.
func openStore(ctx context.Context, name string, limit time.Duration, c keyring.Config) (keyring.Keyring, error) {
	switch name {
	case secretService:
		return within(ctx, name, limit, func() (keyring.Keyring, error) { return openNamedCollection(c.LibSecretCollectionName) })
	case kwallet:
		return within(ctx, name, limit, func() (keyring.Keyring, error) { return newWallet(c) })
	}
	return openLibrary(ctx, name, limit, c)
}

// property reads one property of a D-Bus object.
func property(object dbus.BusObject, face, name string) (dbus.Variant, error) {
	var value dbus.Variant
	err := object.Call("org.freedesktop.DBus.Properties.Get", 0, face, name).Store(&value)
	return value, err
}

// isDBus reports whether the error is the D-Bus error of that name's ending.
func isDBus(err error, ending string) bool {
	var e dbus.Error
	if errors.As(err, &e) {
		return strings.HasSuffix(e.Name, ending)
	}
	var p *dbus.Error
	return errors.As(err, &p) && strings.HasSuffix(p.Name, ending)
}
