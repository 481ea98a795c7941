//go:build unix

package securefile

import (
	"errors"
	"os"
	"syscall"
)

// replace renames temp to path; POSIX makes that atomic.
func replace(temp, path string) error { return os.Rename(temp, path) }

// syncDir makes the rename itself last. Some file systems (FUSE, SMB) do not
// know how to: there it counts as done.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
