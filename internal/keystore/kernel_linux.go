package keystore

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// withUserKeyring makes calls on the kernel's keyring of this user. Sessions
// that a display manager, cron, systemd or `keyctl session` started do not have
// it linked, and keys are readable to whoever possesses them only
// (https://man7.org/linux/man-pages/man7/user-keyring.7.html). So it is linked
// into the keyring of this thread, which the goroutine keeps meanwhile; a
// thread's keyring is not inherited by a program that is executed.
func withUserKeyring(call func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := link(unix.KEY_SPEC_USER_KEYRING, unix.KEY_SPEC_THREAD_KEYRING); err != nil {
		return err
	}
	return call()
}

// link puts a key or keyring into another keyring, in place of one of the same
// type and description.
func link(key, ring int) error {
	_, err := unix.KeyctlInt(unix.KEYCTL_LINK, key, ring, 0, 0)
	return err
}

// unlink takes a key out of a keyring; the kernel frees it with the last link.
func unlink(key, ring int) error {
	_, err := unix.KeyctlInt(unix.KEYCTL_UNLINK, key, ring, 0, 0)
	return err
}

// readKey returns the payload of a key.
func readKey(id int) ([]byte, error) {
	buffer := make([]byte, 512)
	for {
		size, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, buffer, 0)
		if err != nil {
			return nil, err
		}
		if size <= len(buffer) {
			return buffer[:size], nil
		}
		buffer = make([]byte, size)
	}
}
