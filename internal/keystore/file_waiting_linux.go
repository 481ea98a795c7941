package keystore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// waitingKeys keeps derived keys between commands in the user keyring of the
// Linux kernel: never on a disk, gone at the time-out, at `keyring lock` and
// with the user's last process. Where the kernel refuses (most containers) it
// keeps nothing.
type waitingKeys struct {
	ttl   time.Duration
	debug func(string)
}

// load returns the key that waits for the folder, if one does.
func (w waitingKeys) load(dir string) (kept waitingKey, ok bool) {
	if w.ttl <= 0 {
		return waitingKey{}, false
	}
	payload, err := readPayload(dir)
	if err == nil {
		kept, err = parseWaiting(payload)
	}
	if err != nil && !gone(err) {
		w.debug(fmt.Sprintf("file key store: no waiting key: %v", err))
	}
	return kept, err == nil
}

// readPayload reads what waits for the folder. Most sessions have the user's
// keyring linked, and can read at once; only where they may not does the
// thread have to take it for itself, which starts another thread.
func readPayload(dir string) (payload []byte, err error) {
	id, err := find(dir)
	if err != nil {
		return nil, err
	}
	if payload, err = readKey(id); !errors.Is(err, unix.EACCES) {
		return payload, err
	}
	err = withUserKeyring(func() error {
		payload, err = readKey(id)
		return err
	})
	return payload, err
}

// keep stores a key for the folder in place of an older one. It is made in the
// keyring of this thread first, so that it dies with the thread unless it was
// given its time-out.
func (w waitingKeys) keep(dir string, key waitingKey) {
	if w.ttl <= 0 {
		return
	}
	err := withUserKeyring(func() error {
		name, err := waitingName(dir)
		if err != nil {
			return err
		}
		id, err := unix.AddKey("user", name, key.bytes(), unix.KEY_SPEC_THREAD_KEYRING)
		if err != nil {
			return err
		}
		_, err = unix.KeyctlInt(unix.KEYCTL_SET_TIMEOUT, id, seconds(w.ttl), 0, 0)
		if err == nil {
			err = link(id, unix.KEY_SPEC_USER_KEYRING)
		}
		return errors.Join(err, unlink(id, unix.KEY_SPEC_THREAD_KEYRING))
	})
	if err != nil {
		w.debug(fmt.Sprintf("file key store: the key cannot wait in the kernel: %v", err))
	}
}

// forget takes the folder's key out of the kernel, whatever the ttl.
func (w waitingKeys) forget(dir string) error {
	err := withUserKeyring(func() error {
		id, err := find(dir)
		if err != nil {
			return err
		}
		return unlink(id, unix.KEY_SPEC_USER_KEYRING)
	})
	if gone(err) || refused(err) {
		return nil
	}
	return err
}

// find returns the id of the folder's key.
func find(dir string) (int, error) {
	name, err := waitingName(dir)
	if err != nil {
		return 0, err
	}
	return unix.KeyctlSearch(unix.KEY_SPEC_USER_KEYRING, "user", name, 0)
}

// waitingName is made from the folder's real path: every way to name a folder
// finds its key, and no folder that of another.
func waitingName(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(path))
	return "assume-role:unlocked:" + hex.EncodeToString(sum[:16]), nil
}

// seconds rounds up to what the kernel counts in, with 32 bits.
func seconds(d time.Duration) int { return int(min(1+(d-1)/time.Second, math.MaxInt32)) }

// gone reports whether there is no such key, or no longer.
func gone(err error) bool {
	return errors.Is(err, unix.ENOKEY) || errors.Is(err, unix.EKEYEXPIRED) || errors.Is(err, unix.EKEYREVOKED) ||
		errors.Is(err, unix.ENOENT)
}

// refused reports whether the kernel has no keyrings for this process.
func refused(err error) bool {
	return errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) ||
		errors.Is(err, unix.EDQUOT)
}
