package securefile

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockOffset is the byte that is locked: far behind the content, because
// Windows keeps others from reading what is locked, and the holder's process
// id must stay readable.
const lockOffset = 1 << 30

// openLockFile opens the file to lock.
func openLockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, fileMode)
}

// lockNow takes the lock if it is free.
func lockNow(file *os.File) (bool, error) {
	err := lockFile(file, windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// lockWait takes the lock when it becomes free.
func lockWait(file *os.File) error {
	return lockFile(file, windows.LOCKFILE_EXCLUSIVE_LOCK)
}

// lockShared takes the lock beside others who take it so, when it becomes free.
func lockShared(file *os.File) error { return lockFile(file, 0) }

func lockFile(file *os.File, flags uint32) error {
	at := &windows.Overlapped{Offset: lockOffset}
	return windows.LockFileEx(windows.Handle(file.Fd()), flags, 0, 1, 0, at)
}

// removeHeld leaves the file: Windows removes no file that is open.
func removeHeld(string) {}
