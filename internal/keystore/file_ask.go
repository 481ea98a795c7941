package keystore

import (
	"errors"

	"github.com/99designs/keyring"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// asking asks for the passphrase when a call on the file store needs it, then
// makes the call again. It stands outside the time limit and every lock, since
// a person may be answering.
type asking struct {
	keyring.Keyring
	file *fileStore
	ask  func(Question) (creds.Secret, error)
}

// Get asks where the item is there but locked.
func (a asking) Get(name string) (keyring.Item, error) {
	item, err := a.Keyring.Get(name)
	if errors.Is(err, ErrLocked) {
		if err = a.unlock(); err == nil {
			item, err = a.Keyring.Get(name)
		}
	}
	return item, a.explain(err)
}

// Set asks where the folder's key is not known.
func (a asking) Set(item keyring.Item) error {
	err := a.Keyring.Set(item)
	if errors.Is(err, ErrLocked) {
		if err = a.unlock(); err == nil {
			err = a.Keyring.Set(item)
		}
	}
	return a.explain(err)
}

// unlock asks once.
func (a asking) unlock() error {
	if a.ask == nil {
		return ErrLocked
	}
	passphrase, err := a.ask(Question{Folder: a.file.dir, New: a.file.empty()})
	if err != nil {
		return err
	}
	return a.file.unlocker.answer(passphrase)
}

// explain says what to do about a passphrase that is missing or wrong.
func (a asking) explain(err error) error {
	const ways = "ASSUME_ROLE_KEYRING_FILE_PASSPHRASE, keyring.file_passphrase_file or keyring.file_passphrase_command"
	var shown *fault.Error
	switch {
	case errors.As(err, &shown):
		return err
	case errors.Is(err, ErrLocked):
		return fault.New("", "the file key store in %s is locked", a.file.dir).
			Fix("give its passphrase with %s", ways).Because(err)
	case errors.Is(err, ErrWrongPassphrase):
		return fault.New("", "wrong passphrase for the file key store in %s; nothing was changed", a.file.dir).
			Fix("try again, or look at %s", ways).Because(err)
	}
	return err
}
