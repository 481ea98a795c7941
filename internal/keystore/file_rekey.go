package keystore

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/keyring"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// A change of passphrase seals every item again, into a folder beside them.
// That folder's change of name is the moment at which the new passphrase takes
// the place of the old one, for all items at once: before it, the folder is
// thrown away; after it, whoever next has the lock moves its items into place,
// which takes no passphrase and no room on the disk. Until they are there,
// every item can be read with the new passphrase: in one place or the other.
const (
	// stagingFolder holds items of a change that has not happened yet.
	stagingFolder = ".rekeying"
	// rekeyedFolder holds items of a change that has happened.
	rekeyedFolder = ".rekeyed"
)

// Rekeyed says what a change of passphrase did.
type Rekeyed struct {
	// Items is how many items now open with the new passphrase.
	Items int
	// Left are the names of items that the old passphrase did not open
	// (damaged, or brought from elsewhere) and that stay as they were.
	Left []string
}

// rekey seals every item that opens with the unlocker's passphrase for another
// one. On any error before the moment of change, nothing has changed.
func (f *fileStore) rekey(to creds.Secret) (Rekeyed, error) {
	key := derive(to, f.fresh, newSalt())
	var foreign []header
	for {
		done, lacking, err := f.rekeyAll(key, key.proof(to), foreign)
		if err != nil || lacking == nil {
			return done, err
		}
		// Deriving a key takes long: not while others wait for the folder.
		if _, err := f.unlocker.key(*lacking); errors.Is(err, ErrWrongPassphrase) {
			foreign = append(foreign, *lacking)
		} else if err != nil {
			return Rekeyed{}, err
		}
	}
}

// rekeyAll makes the change while the folder is locked, or returns a header
// for which a key has to be found first.
func (f *fileStore) rekeyAll(key folderKey, proof []byte, foreign []header) (done Rekeyed, lacking *header, err error) {
	lock, err := f.acquire()
	if err != nil {
		return Rekeyed{}, nil, err
	}
	defer lock.Release()
	if _, err := f.finish(); err != nil {
		return Rekeyed{}, nil, err
	}
	done, lacking, err = f.stage(key, foreign)
	if err == nil && lacking == nil {
		err = securefile.Move(f.in(stagingFolder), f.in(rekeyedFolder))
	}
	if err != nil || lacking != nil {
		return Rekeyed{}, lacking, errors.Join(err, os.RemoveAll(f.in(stagingFolder)))
	}
	// Before any item is in place: who reads one finds the key for it.
	if err := f.unlocker.replace(key, proof); err != nil {
		f.unlocker.waiting.debug("file key store: the old key waits on in the kernel: " + err.Error())
	}
	if _, err := f.finish(); err != nil {
		f.unlocker.waiting.debug("file key store: the next write moves the items into place: " + err.Error())
	}
	return done, nil, nil
}

// stage seals every item that opens into the staging folder.
func (f *fileStore) stage(key folderKey, foreign []header) (done Rekeyed, lacking *header, err error) {
	names, err := f.Keys()
	if err != nil {
		return Rekeyed{}, nil, err
	}
	if err := os.Mkdir(f.in(stagingFolder), 0o700); err != nil {
		return Rekeyed{}, nil, err
	}
	for _, name := range names {
		lacking, err := f.stageItem(name, key, foreign)
		switch {
		case lacking != nil:
			return Rekeyed{}, lacking, nil
		case err == nil:
			done.Items++
		case errors.Is(err, ErrDamaged), errors.Is(err, ErrWrongPassphrase):
			done.Left = append(done.Left, name)
		case !errors.Is(err, keyring.ErrKeyNotFound):
			return Rekeyed{}, nil, err
		}
	}
	return done, nil, f.changedMeanwhile(done)
}

// changedMeanwhile is the error where nothing opens any more that opened before
// the new passphrase was asked for.
func (f *fileStore) changedMeanwhile(done Rekeyed) error {
	switch {
	case done.Items > 0:
		return nil
	case done.Left == nil:
		return f.nothingStored()
	}
	return fault.New("", "another process has changed the passphrase of the file key store in %s meanwhile", f.dir).
		Fix("this run changed nothing; to change it again, give the one that was chosen there").Because(ErrWrongPassphrase)
}

// stageItem writes the item's new form into the staging folder, or returns the
// header for which a key has to be found first. Items with a foreign header are
// ErrWrongPassphrase.
func (f *fileStore) stageItem(name string, to folderKey, foreign []header) (lacking *header, err error) {
	item, err := f.read(name + itemSuffix)
	if err != nil {
		return nil, err
	}
	if slices.Contains(foreign, item.header) {
		return nil, ErrWrongPassphrase
	}
	old, ok := f.unlocker.held(item.header)
	if !ok {
		return &item.header, nil
	}
	data, err := item.open(old, name)
	if err != nil {
		return nil, err
	}
	file, err := seal(to, name, data)
	if err != nil {
		return nil, err
	}
	return nil, securefile.Write(filepath.Join(f.in(stagingFolder), name+itemSuffix), file)
}

// finish brings an earlier change of passphrase to its end, and throws one away
// that has not happened; it returns how many items it moved. The folder is
// locked. An item that was removed since is not brought back, and a damaged
// form does not replace another one.
func (f *fileStore) finish() (moved int, err error) {
	if err := os.RemoveAll(f.in(stagingFolder)); err != nil {
		return 0, err
	}
	entries, err := os.ReadDir(f.in(rekeyedFolder))
	if securefile.Missing(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), itemSuffix)
		if !ok || checkName(name) != nil || !f.takesPlace(name) {
			continue
		}
		if err := securefile.Move(filepath.Join(f.in(rekeyedFolder), entry.Name()), f.path(name)); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, os.RemoveAll(f.in(rekeyedFolder))
}

// takesPlace reports whether the item's new form is whole and the item there.
func (f *fileStore) takesPlace(name string) bool {
	_, err := os.Lstat(f.path(name))
	if err != nil {
		return !securefile.Missing(err)
	}
	_, err = f.read(filepath.Join(rekeyedFolder, name+itemSuffix))
	return !errors.Is(err, ErrDamaged)
}

// otherForm returns the item in another form than that with the header: the one
// that waits to be moved into place, or the one that meanwhile has been.
func (f *fileStore) otherForm(name string, than header) (sealed, bool) {
	for _, base := range []string{filepath.Join(rekeyedFolder, name+itemSuffix), name + itemSuffix} {
		if item, err := f.read(base); err == nil && item.header != than {
			return item, true
		}
	}
	return sealed{}, false
}

// changing reports whether there are items that wait to be moved into place.
func (f *fileStore) changing() bool {
	_, err := os.Lstat(f.in(rekeyedFolder))
	return err == nil
}

// in returns the path of something in the folder.
func (f *fileStore) in(base string) string { return filepath.Join(f.dir, base) }
