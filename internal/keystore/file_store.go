package keystore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

const (
	// itemSuffix ends the file name of every sealed item.
	itemSuffix = ".item"
	// folderLock is the file whose lock lets one process at a time add items.
	folderLock = ".lock"
)

// fileStore is the file backend: a folder of sealed items, each of which can be
// opened by itself with the passphrase. It implements keyring.Keyring in place
// of the library's own, which truncates a file before writing it, spends too
// little on a guess at the passphrase, and does not bind a name to its content.
type fileStore struct {
	ctx      context.Context
	dir      string
	unlocker *unlocker
	// fresh is the cost of a new folder; below floor an item is refused.
	fresh, floor cost
	// wait is how long to wait for another process that writes.
	wait time.Duration
}

// Get opens one item: one file is read, nothing listed, nothing written. While
// the passphrase is being changed, or after a change that was killed, it opens
// whichever of the item's two forms it can.
func (f *fileStore) Get(name string) (keyring.Item, error) {
	item, err := f.read(name + itemSuffix)
	if err != nil {
		return keyring.Item{}, err
	}
	data, err := f.unseal(item, name)
	for tries := 0; err != nil && tries < 2; tries++ {
		other, found := f.otherForm(name, item.header)
		if !found {
			break
		}
		item = other
		data, err = f.unseal(item, name)
	}
	if err != nil {
		return keyring.Item{}, err
	}
	return keyring.Item{Key: name, Label: name, Data: data}, nil
}

// unseal opens an item with the key for its header.
func (f *fileStore) unseal(item sealed, name string) ([]byte, error) {
	key, err := f.unlocker.key(item.header)
	if err != nil {
		return nil, f.orForeign(item.header, err)
	}
	return item.open(key, name)
}

// orForeign tells a passphrase that is missing or wrong from an item that was
// brought from another folder: then the folder's own items open. Between two
// passphrases all items are the folder's own.
func (f *fileStore) orForeign(h header, err error) error {
	if f.changing() {
		return err
	}
	for tried := []header{h}; ; {
		other, found, sampleErr := f.sample(tried)
		if sampleErr != nil || !found {
			return err
		}
		if _, keyErr := f.unlocker.key(other); keyErr == nil {
			return ErrDamaged
		}
		tried = append(tried, other)
	}
}

// GetMetadata returns when the item was last written, without unlocking.
func (f *fileStore) GetMetadata(name string) (keyring.Metadata, error) {
	info, err := os.Stat(f.path(name))
	if err != nil {
		return keyring.Metadata{}, missing(err)
	}
	return keyring.Metadata{Item: &keyring.Item{Key: name}, ModificationTime: info.ModTime()}, nil
}

// Set seals and writes one item.
func (f *fileStore) Set(item keyring.Item) error {
	if err := securefile.MkdirPrivate(f.dir); err != nil {
		return err
	}
	var foreign []header
	var wrong error
	for {
		lacking, err := f.add(item, foreign, wrong)
		if err != nil || lacking == nil {
			return err
		}
		// Deriving a key takes long: not while others wait for the folder.
		if _, err = f.unlocker.key(*lacking); errors.Is(err, ErrWrongPassphrase) {
			foreign, wrong = append(foreign, *lacking), err
		} else if err != nil {
			return err
		}
	}
}

// add writes the item with the folder's key, so that one passphrase opens the
// whole folder whoever writes first. It returns the header for which a key
// has to be found first, if there is one. The passphrase does not open items
// with a foreign header; where there are no others, wrong is the error.
func (f *fileStore) add(item keyring.Item, foreign []header, wrong error) (lacking *header, err error) {
	lock, err := f.acquire()
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	if _, err := f.finish(); err != nil {
		return nil, err
	}
	h, found, err := f.sample(foreign)
	if err != nil {
		return nil, err
	}
	if !found && wrong != nil {
		return nil, wrong
	}
	if !found {
		key, err := f.unlocker.newKey(f.fresh)
		if err != nil {
			return nil, err
		}
		return nil, f.write(key, item)
	}
	key, ok := f.unlocker.held(h)
	if !ok {
		return &h, nil
	}
	return nil, f.write(key, item)
}

// write seals the item with that key and puts it in place. A session can be had
// again.
func (f *fileStore) write(key folderKey, item keyring.Item) error {
	file, err := seal(key, item.Key, item.Data)
	if err != nil {
		return err
	}
	if strings.HasPrefix(item.Key, sessionPrefix) {
		return securefile.WriteWhole(f.path(item.Key), file)
	}
	return securefile.Write(f.path(item.Key), file)
}

// Remove deletes one item, locked or not, in every form that it has. A folder
// that cannot be locked for another reason than that somebody is at work in it
// (a full disk) does not keep what is in it.
func (f *fileStore) Remove(name string) error {
	lock, err := f.acquire()
	var held *securefile.HeldError
	switch {
	case err == nil:
		defer lock.Release()
	case securefile.Missing(err):
		return keyring.ErrKeyNotFound
	case errors.As(err, &held), f.ctx.Err() != nil:
		return err
	}
	err = os.Remove(f.path(name))
	// Only now: what has no item any more, finish does not bring back.
	for _, dir := range []string{stagingFolder, rekeyedFolder} {
		_ = os.Remove(filepath.Join(f.dir, dir, name+itemSuffix))
	}
	return missing(err)
}

// acquire locks the folder against other writers, and clears away what killed
// ones have left.
func (f *fileStore) acquire() (*securefile.Lock, error) {
	ctx, cancel := context.WithTimeout(f.ctx, f.wait)
	defer cancel()
	lock, err := securefile.Acquire(ctx, filepath.Join(f.dir, folderLock))
	var held *securefile.HeldError
	if errors.As(err, &held) {
		err = fault.New("", "waited %s for %s, which is writing to the file key store in %s", f.wait, held.Holder(), f.dir).
			Fix("let it go on or end it, %s", chooseAnother).Because(held)
	}
	if err == nil {
		f.sweep()
	}
	return lock, err
}

// Keys lists the items, locked or not.
func (f *fileStore) Keys() ([]string, error) {
	entries, err := os.ReadDir(f.dir)
	if err = missing(err); err != nil && !errors.Is(err, keyring.ErrKeyNotFound) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), itemSuffix); ok && checkName(name) == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// sample returns the header of the folder's first whole item that has none of
// the others. Names are sorted, so that a long-lived key comes before any
// session.
func (f *fileStore) sample(others []header) (h header, found bool, err error) {
	names, err := f.Keys()
	if err != nil {
		return header{}, false, err
	}
	for _, name := range names {
		item, err := f.read(name + itemSuffix)
		if err == nil && !slices.Contains(others, item.header) {
			return item.header, true, nil
		}
		if err != nil && !errors.Is(err, ErrDamaged) && !errors.Is(err, keyring.ErrKeyNotFound) {
			return header{}, false, err
		}
	}
	return header{}, false, nil
}

// empty reports whether the folder has no item that a passphrase opens.
func (f *fileStore) empty() bool {
	_, found, err := f.sample(nil)
	return err == nil && !found
}

// read parses one file of the folder.
func (f *fileStore) read(base string) (sealed, error) {
	data, err := securefile.Read(filepath.Join(f.dir, base), 2*maxItem)
	if errors.Is(err, securefile.ErrUnfit) {
		return sealed{}, ErrDamaged
	}
	if err != nil {
		return sealed{}, missing(err)
	}
	return parseSealed(data, f.floor)
}

// path returns where the item of that name lies. Item names are file names.
func (f *fileStore) path(name string) string { return filepath.Join(f.dir, name+itemSuffix) }

// missing gives a file that is not there the library's name for it.
func missing(err error) error {
	if securefile.Missing(err) {
		return keyring.ErrKeyNotFound
	}
	return err
}
