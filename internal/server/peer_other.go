//go:build !linux

package server

import "net"

// TellsUsers reports whether SameUser can tell whose program is at the other
// end of a TCP connection: this system says so to nobody but root.
func TellsUsers() bool { return false }

// SameUser is an Options.Peer that refuses the connections of other users'
// programs. A Unix socket's mode has done so already.
func SameUser(c net.Conn) error {
	if _, ok := c.(*net.UnixConn); ok {
		return nil
	}
	return errNoUser
}
