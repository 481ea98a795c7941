//go:build unix

package cmd

import (
	"io/fs"
	"net"
	"os"
	"syscall"
)

// listenPrivately makes a socket that has mode 0600 from the first moment.
func listenPrivately(path string) (net.Listener, error) {
	defer syscall.Umask(syscall.Umask(0o177))
	return net.Listen("unix", path)
}

// ownFolder reports whether a folder is this user's or root's, and no one
// else's to write to.
func ownFolder(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.Mode().Perm()&0o022 == 0 && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}
