package server

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// errOtherUser is SameUser's refusal.
var errOtherUser = errors.New("another user's program connected")

// TellsUsers reports whether SameUser can tell whose program is at the other
// end of a TCP connection.
func TellsUsers() bool {
	file, err := os.Open("/proc/net/tcp")
	if err != nil {
		return false
	}
	_ = file.Close()
	return true
}

// SameUser is an Options.Peer that refuses the connections of other users'
// programs; over a Unix socket root's may pass, whom its mode does not stop
// either.
func SameUser(c net.Conn) error {
	if socket, ok := c.(*net.UnixConn); ok {
		return ownSocket(socket)
	}
	client, ok := c.RemoteAddr().(*net.TCPAddr)
	server, also := c.LocalAddr().(*net.TCPAddr)
	if !ok || !also {
		return errNoUser
	}
	uid, ok := tcpOwner(unmapped(client), unmapped(server))
	switch {
	case !ok:
		return errNoUser
	case uid != os.Geteuid():
		return errOtherUser
	}
	return nil
}

func unmapped(a *net.TCPAddr) netip.AddrPort {
	at := a.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}

// tcpOwner looks among the sockets of both families: Java's are IPv6 ones.
func tcpOwner(local, remote netip.AddrPort) (uid int, ok bool) {
	for _, path := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		table, err := os.Open(path)
		if err != nil {
			continue
		}
		uid, ok := ownerIn(table, local, remote)
		_ = table.Close()
		if ok {
			return uid, true
		}
	}
	return 0, false
}

// ownSocket asks who connected
// (https://man7.org/linux/man-pages/man7/unix.7.html, SO_PEERCRED).
func ownSocket(c *net.UnixConn) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return errNoUser
	}
	var peer *syscall.Ucred
	if failed := raw.Control(func(fd uintptr) {
		peer, err = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); failed != nil || err != nil {
		return errNoUser
	}
	if uid := int(peer.Uid); uid != 0 && uid != os.Geteuid() {
		return errOtherUser
	}
	return nil
}
