//go:build unix

package profile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// openAtOnce opens a file for reading without waiting for a FIFO's writer.
func openAtOnce(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
}

// absent reports that there is no such file: nothing at the path, or
// something on the way that is no folder (HOME=/dev/null).
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
