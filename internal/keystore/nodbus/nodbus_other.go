//go:build !linux

package nodbus

// wouldLaunch is false: 99designs/keyring connects to D-Bus on Linux only.
func wouldLaunch(string) bool { return false }
