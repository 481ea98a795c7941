package keystore

import (
	"errors"
	"slices"
	"sync"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// unlocker finds the key for a header: in this process's memory, in the
// kernel's, or by deriving it from a passphrase.
type unlocker struct {
	dir     string
	given   func() (creds.Secret, bool, error)
	waiting waitingKeys

	mu    sync.Mutex
	typed creds.Secret // what somebody answered; empty before
	keys  []folderKey
}

// key returns the key for items with that header: ErrLocked when nobody has
// given a passphrase yet, ErrWrongPassphrase when it is not the header's.
func (u *unlocker) key(h header) (folderKey, error) {
	if key, ok := u.held(h); ok {
		return key, nil
	}
	passphrase, known, err := u.passphrase()
	if err != nil {
		return folderKey{}, err
	}
	if kept, ok := u.waiting.load(u.dir); ok && kept.key.header == h && kept.opensFor(passphrase, known) {
		u.hold(kept.key)
		return kept.key, nil
	}
	if !known {
		return folderKey{}, ErrLocked
	}
	key := derive(passphrase, h.cost, h.salt)
	if key.header != h {
		return folderKey{}, ErrWrongPassphrase
	}
	u.keep(key, passphrase)
	return key, nil
}

// newKey returns the key for the first item of a folder.
func (u *unlocker) newKey(c cost) (folderKey, error) {
	passphrase, known, err := u.passphrase()
	if err != nil {
		return folderKey{}, err
	}
	if kept, ok := u.waiting.load(u.dir); ok && kept.opensFor(passphrase, known) {
		return kept.key, nil
	}
	if !known {
		return folderKey{}, ErrLocked
	}
	key := derive(passphrase, c, newSalt())
	u.keep(key, passphrase)
	return key, nil
}

// held returns the key for that header if this process has it already.
func (u *unlocker) held(h header) (folderKey, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	i := slices.IndexFunc(u.keys, func(key folderKey) bool { return key.header == h })
	if i < 0 {
		return folderKey{}, false
	}
	return u.keys[i], true
}

// hold remembers a key for the life of this process.
func (u *unlocker) hold(key folderKey) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.keys = append(u.keys, key)
}

// keep remembers a key here and in the kernel.
func (u *unlocker) keep(key folderKey, passphrase creds.Secret) {
	u.hold(key)
	u.waiting.keep(u.dir, waitingKey{key: key, proof: key.proof(passphrase)})
}

// replace makes a key the only one, here and in the kernel. There it takes the
// other's place in one step: no reader meanwhile finds none.
func (u *unlocker) replace(key folderKey, proof []byte) error {
	u.mu.Lock()
	u.typed, u.keys = "", []folderKey{key}
	u.mu.Unlock()
	if u.waiting.ttl <= 0 {
		return u.waiting.forget(u.dir)
	}
	u.waiting.keep(u.dir, waitingKey{key: key, proof: proof})
	return nil
}

// answer takes the passphrase that somebody gave when asked.
func (u *unlocker) answer(passphrase creds.Secret) error {
	if passphrase == "" {
		return emptyPassphrase()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.typed = passphrase
	return nil
}

// passphrase returns the passphrase and whether there is one yet.
func (u *unlocker) passphrase() (creds.Secret, bool, error) {
	u.mu.Lock()
	typed := u.typed
	u.mu.Unlock()
	if typed != "" || u.given == nil {
		return typed, typed != "", nil
	}
	passphrase, known, err := u.given()
	if err == nil && known && passphrase == "" {
		err = emptyPassphrase()
	}
	return passphrase, known, err
}

// lock forgets every key, here and in the kernel.
func (u *unlocker) lock() error {
	u.mu.Lock()
	u.typed, u.keys = "", nil
	u.mu.Unlock()
	return u.waiting.forget(u.dir)
}

func emptyPassphrase() error {
	return fault.New(fault.InvalidValue, "the passphrase of the file key store is empty").
		Fix("give one with at least one character")
}

// waitingKey is a derived key as the kernel keeps it.
type waitingKey struct {
	key   folderKey
	proof []byte // of the passphrase that the key was derived from
}

// opensFor reports whether the key may be used: a passphrase that is known
// must be the one it was derived from; without one the key itself is enough.
func (w waitingKey) opensFor(passphrase creds.Secret, known bool) bool {
	return !known || w.key.provenBy(w.proof, passphrase)
}

// waitingVersion starts the form of a waiting key in the kernel.
const waitingVersion = 1

// bytes returns the key as the kernel keeps it.
func (w waitingKey) bytes() []byte {
	b := append([]byte{waitingVersion}, w.key.header.bytes()...)
	b = append(b, w.key.master[:]...)
	return append(b, w.proof...)
}

// errForeign says that a kernel key of our name is not one of ours.
var errForeign = errors.New("not a waiting key of this version")

// parseWaiting is the inverse of bytes. A key whose check value does not
// follow from it is refused.
func parseWaiting(b []byte) (waitingKey, error) {
	const master = 1 + headerSize
	var w waitingKey
	if len(b) != master+len(w.key.master)+32 || b[0] != waitingVersion || string(b[1:1+len(magic)]) != magic {
		return waitingKey{}, errForeign
	}
	rest := b[1+len(magic):]
	w.key.header.cost, rest = parseCost(rest)
	copy(w.key.header.salt[:], rest)
	copy(w.key.master[:], b[master:])
	copy(w.key.header.check[:], w.key.sub("check"))
	if string(w.key.header.bytes()) != string(b[1:master]) {
		return waitingKey{}, errForeign
	}
	w.proof = b[master+len(w.key.master):]
	return w, nil
}
