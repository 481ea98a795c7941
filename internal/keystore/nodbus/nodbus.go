// Package nodbus keeps a D-Bus daemon from being started by an import.
//
// github.com/99designs/keyring connects to the session bus while it is being
// initialised. Where DBUS_SESSION_BUS_ADDRESS names none, its D-Bus library
// runs dbus-launch, which leaves a daemon behind for every start of this tool.
// This package, initialised before that one, then names a bus that fails at
// once. So it does for a bus that does not answer, for which the library would
// wait without end. It is the only import side effect that this tool permits
// itself.
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
// read or passed on.
func Restore() {
	if given {
		_ = os.Setenv(variable, original)
		return
	}
	_ = os.Unsetenv(variable)
}

// hide names a bus that fails where the D-Bus library would start one or wait
// for one, and returns what was set before.
func hide() (string, bool) {
	address, given := os.LookupEnv(variable)
	if wouldLaunch(address) || !answers(address) {
		// "disabled" is no transport that a D-Bus library knows.
		_ = os.Setenv(variable, "disabled:")
	}
	return address, given
}
