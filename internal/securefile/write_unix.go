//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// dress gives temp the owner, the group and the mode of another file. Changing
// the owner takes the superuser; changing the group, a member of it.
func dress(temp *os.File, like fs.FileInfo) error {
	mode := like.Mode().Perm()
	mine, err := temp.Stat()
	if err != nil {
		return err
	}
	want, known := like.Sys().(*syscall.Stat_t)
	have, also := mine.Sys().(*syscall.Stat_t)
	if !known || !also {
		return temp.Chmod(mode)
	}
	if want.Uid != have.Uid {
		if err := temp.Chown(int(want.Uid), -1); err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
	}
	if want.Gid != have.Gid && temp.Chown(-1, int(want.Gid)) != nil {
		mode &^= 0o070
	}
	return temp.Chmod(mode)
}

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
