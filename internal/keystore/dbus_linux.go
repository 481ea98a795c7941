package keystore

import (
	"errors"
	"strings"

	"github.com/godbus/dbus"
)

// sessionBus returns the connection that the library made when it was
// initialised. Where it made none, asking for one would run dbus-launch.
func sessionBus() (*dbus.Conn, error) {
	if !compiled(secretService) {
		return nil, unusable("no D-Bus session bus answers")
	}
	return dbus.SessionBus()
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
