package keystore

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/99designs/keyring"
)

const (
	// stagedPrefix starts the names of items that are being written.
	stagedPrefix = "new-"
	// staleAge is when such an item is taken for the remains of a kill.
	staleAge = 10 * time.Minute
)

// passStore makes writes to a password store whole. `pass insert` has GnuPG
// write over the file that is there: two writers at once, or a kill, leave what
// nothing decrypts. So an item is inserted under a name of its own, then moved,
// which is one rename and, where the store is a Git repository, a commit. The
// item's label is its name for good: an item that somebody else moved is
// refused.
type passStore struct {
	keyring.Keyring
	ctx         context.Context
	dir, prefix string
}

// Get returns the item that was written under that name.
func (p passStore) Get(name string) (keyring.Item, error) {
	item, err := p.Keyring.Get(name)
	if err == nil && item.Label != name {
		return keyring.Item{}, ErrDamaged
	}
	item.Key = name
	return item, err
}

// Set inserts and moves.
func (p passStore) Set(item keyring.Item) error {
	staged := stagedPrefix + strings.ToLower(rand.Text())
	err := p.Keyring.Set(keyring.Item{Key: staged, Label: item.Key, Data: item.Data})
	if err == nil {
		p.sweep(staged)
		err = p.move(staged, item.Key)
	}
	if err != nil {
		return errors.Join(err, p.drop(staged))
	}
	return nil
}

// move renames an item as pass does it.
func (p passStore) move(from, to string) error {
	cmd := exec.CommandContext(p.ctx, "pass", "mv", "-f", path.Join(p.prefix, from), path.Join(p.prefix, to))
	cmd.Env = append(cmd.Environ(), "PASSWORD_STORE_DIR="+p.dir)
	return cmd.Run()
}

// Keys lists the items, but for those that are being written.
func (p passStore) Keys() ([]string, error) {
	all, err := p.Keyring.Keys()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, name := range all {
		if !strings.HasPrefix(name, stagedPrefix) {
			names = append(names, name)
		}
	}
	return names, nil
}

// drop removes an item that was not moved.
func (p passStore) drop(staged string) error {
	if err := p.Keyring.Remove(staged); !errors.Is(err, keyring.ErrKeyNotFound) {
		return err
	}
	return nil
}

// sweep removes what killed writers left long before the item just staged. It
// is tidiness: its failures do not matter.
func (p passStore) sweep(staged string) {
	folder := filepath.Join(p.dir, p.prefix)
	fresh, err := os.Stat(filepath.Join(folder, staged+".gpg"))
	if err != nil {
		return
	}
	left, err := filepath.Glob(filepath.Join(folder, stagedPrefix+"*.gpg"))
	if err != nil {
		return
	}
	for _, file := range left {
		if info, err := os.Stat(file); err == nil && fresh.ModTime().Sub(info.ModTime()) > staleAge {
			_ = p.drop(strings.TrimSuffix(filepath.Base(file), ".gpg"))
		}
	}
}
