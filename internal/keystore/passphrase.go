package keystore

import (
	"errors"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// Folder returns the folder of the file backend, "" for the other backends.
func (r *Ring) Folder() string {
	if r.file == nil {
		return ""
	}
	return r.file.dir
}

// ChangePassphrase seals every item of the file backend with another
// passphrase. Where nothing is stored, that is told before old is asked for the
// one in use. It is checked first, whatever key waits in the kernel: a wrong one
// is told before next is asked for the new one, and changes nothing. So is one
// that another process changed before this one came to it. A process that is killed at any moment leaves every item readable,
// with the old passphrase or, once the change has happened, with the new one.
// The key that waits in the kernel is replaced.
func (r *Ring) ChangePassphrase(old, next func() (creds.Secret, error)) (Rekeyed, error) {
	if r.file == nil {
		return Rekeyed{}, fault.New(fault.InvalidValue, "the %s key store has no passphrase of this tool's", r.backend).
			Fix("%s", PassphraseElsewhere(r.backend))
	}
	done, err := r.file.changePassphrase(old, next)
	return done, explain(r.backend, "change its passphrase", asking{file: r.file}.explain(err))
}

func (f *fileStore) changePassphrase(old, next func() (creds.Secret, error)) (Rekeyed, error) {
	finished, err := f.settle()
	if err != nil {
		return Rekeyed{}, err
	}
	if err := f.ask(old); err != nil {
		return Rekeyed{}, err
	}
	switch err := f.opens(); {
	case finished && errors.Is(err, ErrWrongPassphrase):
		return Rekeyed{}, fault.New("", "wrong passphrase for the file key store in %s: a change that was interrupted is complete now", f.dir).
			Fix("give the passphrase that was chosen then").Because(err)
	case err != nil:
		return Rekeyed{}, err
	}
	passphrase, err := next()
	if err != nil {
		return Rekeyed{}, err
	}
	if passphrase == "" {
		return Rekeyed{}, emptyPassphrase()
	}
	return f.rekey(passphrase)
}

// settle brings a change that was killed to its end.
func (f *fileStore) settle() (finished bool, err error) {
	lock, err := f.acquire()
	if securefile.Missing(err) {
		return false, f.nothingStored()
	}
	if err != nil {
		return false, err
	}
	defer lock.Release()
	moved, err := f.finish()
	return moved > 0, err
}

// ask takes the passphrase in use, where anything is stored that it could open.
func (f *fileStore) ask(inUse func() (creds.Secret, error)) error {
	if _, found, err := f.sample(nil); err != nil {
		return err
	} else if !found {
		return f.nothingStored()
	}
	passphrase, err := inUse()
	if err != nil {
		return err
	}
	return f.unlocker.answer(passphrase)
}

// opens reports whether the passphrase opens any item of the folder.
func (f *fileStore) opens() error {
	var err error
	for tried := []header(nil); ; {
		h, found, sampleErr := f.sample(tried)
		switch {
		case sampleErr != nil:
			return sampleErr
		case !found && err == nil:
			return f.nothingStored()
		case !found:
			return err
		}
		if _, err = f.unlocker.key(h); !errors.Is(err, ErrWrongPassphrase) {
			return err
		}
		tried = append(tried, h)
	}
}

func (f *fileStore) nothingStored() error {
	return fault.New("", "nothing is stored in %s yet", f.dir).
		Fix("its passphrase is chosen when something is, with `assume-role add` for one")
}

// HasPassphrase reports whether a store is opened with a passphrase that this
// tool asks for.
func HasPassphrase(backend string) bool { return backend == file }

// PassphraseElsewhere says in a clause how the passphrase of a store is changed,
// where that is not this tool's to do.
func PassphraseElsewhere(backend string) string {
	return map[string]string{
		secretService: "change the password of the login keyring with Passwords and Keys (seahorse)",
		kwallet:       "change the wallet's password in KWalletManager",
		keychain:      "run `security set-keychain-password`, or change the password of your account",
		winCred:       "it is protected by your Windows account: change that one's password",
		pass:          "run `gpg --change-passphrase` for its key, or `pass init` with another key",
		keyctl:        "the kernel keeps it in memory, without one",
	}[backend]
}
