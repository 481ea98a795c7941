//go:build unix

package securefile

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openLockFile opens the file to lock, a regular one and not through a link.
// Go opens with O_CLOEXEC, so that a child never inherits the lock.
func openLockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW|unix.O_NONBLOCK, fileMode)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file", path)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

// lockNow takes the lock if it is free.
func lockNow(file *os.File) (bool, error) {
	err := flock(file, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}

// lockWait takes the lock when it becomes free.
func lockWait(file *os.File) error { return flock(file, unix.LOCK_EX) }

// lockShared takes the lock beside others who take it so, when it becomes free.
func lockShared(file *os.File) error { return flock(file, unix.LOCK_SH) }

// removeHeld removes the file of a lock that is held and about to be freed.
func removeHeld(path string) { _ = os.Remove(path) }

// flock belongs to the open file, not to the process: two goroutines that
// each open the path exclude one another, too.
func flock(file *os.File, how int) error {
	for {
		err := unix.Flock(int(file.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			return wrap(err, file)
		}
	}
}

func wrap(err error, file *os.File) error {
	if err == nil {
		return nil
	}
	return &os.PathError{Op: "flock", Path: file.Name(), Err: err}
}
