package keystore

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// claimWait bounds the wait for another process's first write, or its move to
// another store.
const claimWait = 30 * time.Second

// claim holds writers to Auto's choice. It is recorded with the first write to
// the store, so that two first writers at the same time do not use two stores;
// later, nobody writes to a store that is just being left for another.
type claim struct {
	ctx     context.Context
	dir     string
	backend string
	earlier bool // it is recorded already
	debug   func(string)
}

// claiming is a store that Auto chose.
type claiming struct {
	keyring.Keyring
	claim *claim
}

// Set writes the item and, the first time, records the choice.
func (c claiming) Set(item keyring.Item) error {
	return c.claim.during(func() error { return c.Keyring.Set(item) })
}

// during makes a write. A state folder that cannot be written does not stop it.
func (c *claim) during(write func() error) error {
	if c.earlier && !migrating(c.dir) {
		return write()
	}
	lock, err := lockChoice(c.ctx, c.dir)
	if final(err) {
		return err
	}
	if err != nil {
		c.debug("keyring: the choice of " + c.backend + " cannot be recorded: " + err.Error())
		return write()
	}
	defer lock.Release()
	return c.write(write)
}

// migrating reports whether somebody moves the items to another store, or has
// begun to.
func migrating(stateDir string) bool {
	_, err := os.Lstat(unfinishedPath(stateDir))
	return err == nil
}

// lockChoice excludes other first writers, and a migration.
func lockChoice(ctx context.Context, stateDir string) (*securefile.Lock, error) {
	if err := securefile.MkdirPrivate(stateDir); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, claimWait)
	defer cancel()
	lock, err := securefile.Acquire(ctx, recordPath(stateDir)+".lock")
	var held *securefile.HeldError
	switch {
	case errors.As(err, &held):
		return nil, fault.New("", "%s is choosing the key store, and does not end", held.Holder()).
			Fix("run the command again when it has").Because(err)
	case errors.Is(err, context.Canceled):
		return nil, fault.ErrInterrupted
	}
	return lock, err
}

// final reports whether the error is one for the user, after which nothing
// further is tried.
func final(err error) bool {
	var shown *fault.Error
	return errors.As(err, &shown) || errors.Is(err, fault.ErrInterrupted)
}

// write writes, then records, unless somebody else chose another store first.
func (c *claim) write(write func() error) error {
	name, err := recorded(c.dir)
	if err != nil {
		return err
	}
	if name != "" && name != c.backend {
		return fault.New("", "another process has just chosen the %s key store", name).Fix("run the command again")
	}
	if err := write(); err != nil || name != "" {
		return err
	}
	if err := record(c.dir, c.backend); err != nil {
		c.debug("keyring: the choice of " + c.backend + " cannot be recorded: " + err.Error())
	}
	return nil
}
