// Package nodbus keeps an import from connecting to D-Bus.
//
// github.com/99designs/keyring connects to the session bus while it is being
// initialised, for `version` as well, which takes a millisecond. Where
// DBUS_SESSION_BUS_ADDRESS names no bus, its D-Bus library runs dbus-launch,
// which leaves a daemon behind for every start of this tool; for a bus that does
// not answer it waits without end. This package, initialised before that one,
// names a bus that fails at once. Who needs the bus connects when that is so. It
// is the only import side effect that this tool permits itself.
//
// Go initialises packages in the order of their import paths, each after what
// it imports (https://go.dev/ref/spec#Program_initialization). This package
// imports next to nothing, and "assume-role/…" sorts before "github.com/…", so
// it comes first. A test holds that.
package nodbus

import "os"

// variable names the address of the user's D-Bus session bus.
// See https://dbus.freedesktop.org/doc/dbus-specification.html#message-bus-types-login.
const variable = "DBUS_SESSION_BUS_ADDRESS"

// original is what the caller of the process had set, before this package or
// the D-Bus library changed it.
var original, given = hide()

// Restore gives the process its caller's DBUS_SESSION_BUS_ADDRESS back, or
// takes the variable away where the caller had none: both this package and the
// D-Bus library set it for their own use. Call it before the environment is
// read or passed on, and after the D-Bus library has connected.
func Restore() {
	if given {
		_ = os.Setenv(variable, original)
		return
	}
	_ = os.Unsetenv(variable)
}
