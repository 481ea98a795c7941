package keystore

import "errors"

// Lock state of a store, as far as it can be told without asking anybody.
const (
	// Locked: somebody has to unlock it before items can be read.
	Locked = "locked"
	// Unlocked: items can be read now.
	Unlocked = "unlocked"
	// Empty: nothing is stored, so there is nothing to unlock.
	Empty = "empty"
	// Unknown: the store tells only when it is asked for an item.
	Unknown = "unknown"
)

// State returns one of the lock states. It asks nobody and writes nothing; a
// passphrase that is known and wrong is the error.
func (r *Ring) State() (string, error) {
	switch {
	case r.file != nil:
		return r.file.state()
	case r.backend == keyctl, r.backend == winCred, r.backend == secretService:
		return Unlocked, nil // a locked Secret Service is told by Open
	}
	return Unknown, nil
}

func (f *fileStore) state() (string, error) {
	if f.empty() {
		return Empty, nil
	}
	switch err := f.opens(); {
	case errors.Is(err, ErrLocked):
		return Locked, nil
	case err != nil:
		return "", asking{file: f}.explain(err)
	}
	return Unlocked, nil
}

// HowToLock says in a clause how a store is locked, where that is not this
// tool's to do; "" for the file backend.
func HowToLock(backend string) string {
	return map[string]string{
		secretService: "the desktop's login keyring is locked, for all programs, by: dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/aliases/default",
		kwallet:       "KDE's wallets are locked, for all programs, by: qdbus org.kde.kwalletd5 /modules/kwalletd5 closeAllWallets",
		keychain:      "the login keychain is locked, for all programs, by: security lock-keychain",
		pass:          "GnuPG forgets its passphrases by: gpgconf --kill gpg-agent",
		winCred:       "the Credential Manager is open to your programs while you are signed in to Windows",
		keyctl:        "the kernel's keys are open to your programs; `assume-role clear-cache` forgets sessions",
	}[backend]
}

// Listed reports whether a store shows the names of its items without asking
// anybody.
func Listed(backend string) bool { return backend != kwallet }

// Volatile reports whether a store forgets everything with the user's last
// process, so that nothing in it lasts longer than a login.
func Volatile(backend string) bool { return backend == keyctl }

// Ready unlocks the store, asking for a passphrase where one is needed, so that
// what follows asks nobody. Stores that unlock themselves do so at the first
// item.
func (r *Ring) Ready() error {
	door, ok := r.store.(asking)
	if !ok {
		return nil
	}
	err := door.file.ready()
	if errors.Is(err, ErrLocked) {
		if err = door.unlock(); err == nil {
			err = door.file.ready()
		}
	}
	return explain(r.backend, "unlock it", door.explain(err))
}

// ready finds the key of the folder, or of a new one.
func (f *fileStore) ready() error {
	if f.empty() {
		_, known, err := f.unlocker.passphrase()
		if _, waits := f.unlocker.waiting.load(f.dir); err == nil && !known && !waits {
			err = ErrLocked
		}
		return err
	}
	return f.opens()
}
