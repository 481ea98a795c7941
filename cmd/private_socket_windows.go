package cmd

import (
	"io/fs"
	"net"
)

// listenPrivately makes a socket with the access list of its folder.
func listenPrivately(path string) (net.Listener, error) { return net.Listen("unix", path) }

// ownFolder: a folder of the user's profile is that user's alone, and modes say
// nothing here.
func ownFolder(fs.FileInfo) bool { return true }

// keepsNames: neither can others rename what lies in one.
func keepsNames(fs.FileInfo) bool { return true }
