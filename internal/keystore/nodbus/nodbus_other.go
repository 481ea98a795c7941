//go:build !linux

package nodbus

import "os"

// hide hides nothing: 99designs/keyring connects to D-Bus on Linux only.
func hide() (string, bool) { return os.LookupEnv(variable) }
