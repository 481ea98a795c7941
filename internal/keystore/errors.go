package keystore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
)

var (
	// ErrNotFound says that the store has no item of that name.
	ErrNotFound = errors.New("no such item in the key store")
	// ErrDamaged says that the item is not what was written under its name.
	ErrDamaged = errors.New("the item in the key store is damaged")
	// ErrLocked says that the store holds the item and somebody has to unlock
	// it first.
	ErrLocked = errors.New("the key store is locked")
	// ErrWrongPassphrase says that the file backend was given a passphrase
	// that its items were not written with. Nothing was changed.
	ErrWrongPassphrase = errors.New("wrong passphrase")
	// ErrFull says that the store has no room for the item.
	ErrFull = errors.New("the key store is full")
	// ErrSlow says that the store did not answer within its time limit.
	ErrSlow = errors.New("the key store did not answer")
)

// chooseAnother is the way out of every store that does not work here.
const chooseAnother = "or choose another with --keyring-backend or ASSUME_ROLE_KEYRING_BACKEND"

// explain turns a store's error into the one that a user reads. Errors that
// were explained before, and those that callers act on without showing them,
// stay as they are.
func explain(backend, action string, err error) error {
	var shown *fault.Error
	switch {
	case err == nil, errors.As(err, &shown), errors.Is(err, ErrNotFound), errors.Is(err, ErrDamaged),
		errors.Is(err, fault.ErrInterrupted):
		return err
	case errors.Is(err, context.Canceled):
		return fault.ErrInterrupted
	case errors.Is(err, keyring.ErrKeyNotFound):
		return ErrNotFound
	case isSyntax(err):
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	case errors.Is(err, ErrLocked), backend == keychain && keychainLocked(err):
		return fault.New("", "the %s key store is locked", backend).
			Fix("%s", advice(backend, ErrLocked)).Because(fmt.Errorf("%w: %w", ErrLocked, err))
	}
	return fault.New("", "the %s key store failed: cannot %s%s", backend, action, reason(err)).
		Fix("%s", advice(backend, err)).Because(err)
}

// explainSlow is the error of a store that did not answer in time.
func explainSlow(backend string, limit time.Duration) error {
	return fault.New("", "the %s key store did not answer within %s", backend, limit).
		Fix("see that it is running and unlocked, %s", chooseAnother).Because(ErrSlow)
}

// reason is what a message may say of an error that is not ours: of file
// system errors the plain cause, of others the first line.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return " (" + path.Path + ": " + path.Err.Error() + ")"
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return " (" + line + ")"
}

// isSyntax reports whether a store gave back something that is not the JSON
// that 99designs/keyring had put there.
func isSyntax(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

// advice says what to do about a store that does not work.
func advice(backend string, err error) string {
	unlock, known := map[string]string{
		secretService: "unlock the login keyring (`gnome-keyring-daemon --replace --unlock` reads its password from stdin)",
		kwallet:       "unlock the wallet (`kwallet-query -l kdewallet` opens its dialog)",
		keychain:      "run `security unlock-keychain` in this session",
		pass:          "see that `pass ls` and `gpg --decrypt` work in this terminal (export GPG_TTY=$(tty))",
	}[backend]
	switch {
	case errors.Is(err, ErrFull):
		return "make room in it (`assume-role clear-cache`), " + chooseAnother
	case known:
		return unlock + ", " + chooseAnother
	}
	return "look into it, " + chooseAnother
}
