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
	return info.Mode().Perm()&0o022 == 0 && ownerTrusted(info)
}

// keepsNames reports whether nobody else can rename what this user has in a
// folder: where others may write, the sticky bit keeps them from it
// (https://man7.org/linux/man-pages/man7/inode.7.html).
func keepsNames(info fs.FileInfo) bool {
	return (info.Mode().Perm()&0o022 == 0 || info.Mode()&fs.ModeSticky != 0) && ownerTrusted(info)
}

// ownerTrusted reports whether a folder is this user's or root's.
func ownerTrusted(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && (stat.Uid == 0 || int(stat.Uid) == os.Geteuid())
}
