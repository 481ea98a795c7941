package keystore

import (
	"context"
	"sync"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
)

// claim records Auto's choice with the first write to the store, so that two
// first writers at the same time do not use two stores.
type claim struct {
	ctx     context.Context
	dir     string
	backend string
	debug   func(string)

	mu   sync.Mutex
	done bool
}

// claiming is a store that Auto chose and that no run has written to yet.
type claiming struct {
	keyring.Keyring
	claim *claim
}

// Set writes the item and, the first time, records the choice.
func (c claiming) Set(item keyring.Item) error {
	return c.claim.during(func() error { return c.Keyring.Set(item) })
}

// during makes the first write and records the choice once it has succeeded.
// A state folder that cannot be written does not stop the write.
func (c *claim) during(write func() error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return write()
	}
	lock, err := c.lock()
	if err != nil {
		c.debug("keyring: the choice of " + c.backend + " cannot be recorded: " + err.Error())
		return write()
	}
	defer lock.Release()
	return c.write(write)
}

// lock excludes other first writers.
func (c *claim) lock() (*securefile.Lock, error) {
	if err := securefile.MkdirPrivate(c.dir); err != nil {
		return nil, err
	}
	return securefile.Acquire(c.ctx, recordPath(c.dir)+".lock")
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
	if err := write(); err != nil {
		return err
	}
	c.done = true
	if err := securefile.Write(recordPath(c.dir), []byte(c.backend+"\n")); err != nil {
		c.debug("keyring: the choice of " + c.backend + " cannot be recorded: " + err.Error())
	}
	return nil
}
