// Package cache keeps sessions between runs: temporary AWS credentials that a
// call to STS returned, each under a key made of everything that shaped it.
// One process at a time makes a missing session; the others wait and use it.
//
// What is kept lies in a Store, in practice the operating system's keyring.
// Beside it an Index says, without secrets, what is there.
package cache

import (
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"assume-role/internal/fault"
)

// Store holds the sessions, one item each.
type Store interface {
	// Get returns the item's value. The error is fs.ErrNotExist when there is
	// no such item and ErrCorrupt when there is one that cannot be read; any
	// other says that the store itself cannot be used.
	Get(key string) ([]byte, error)
	// Set stores the value, all of it or nothing.
	Set(key string, value []byte) error
}

// Remover is the side of the store that clearing needs.
type Remover interface {
	// Names lists the keys of the sessions in the store, and of nothing else
	// that lies there. It should not need to unlock the store.
	Names() ([]string, error)
	// Remove deletes one session; fs.ErrNotExist when there is none.
	Remove(key string) error
}

// ErrCorrupt is a Store's answer for an item that exists and cannot be read
// (torn, or of another tool). It counts as missing and is replaced.
var ErrCorrupt = errors.New("unreadable item")

// ErrDispensable marks a Store's error that the cache does without a store
// for: nobody is there to unlock it, and nothing is lost but time. It is said
// under Debug only. Any other error of Get ends the command.
var ErrDispensable = errors.New("the session store cannot be used here")

// ErrUnreachable is in the chain of the error of a mint that could not reach
// AWS at all: then a session that is still valid is used, however short.
var ErrUnreachable = errors.New("AWS cannot be reached")

// Cache hands out sessions, from the store while they last and else newly
// made. The zero value of an optional field switches off what it is for.
// A Cache must not be copied after its first use.
type Cache struct {
	// Store keeps the sessions; nil for --no-cache.
	Store Store
	// Remover is what Clear uses, in practice the same value as Store.
	Remover Remover
	// Index is told of every session stored and removed; optional.
	Index *Index
	// Locks is the folder of the locks (securefile.LockDir); empty where there
	// is none: then nobody waits, and a session may be made twice.
	Locks string
	// Now is the local clock. Required.
	Now func() time.Time
	// Wait is how long to wait for another process that makes the same
	// session; 0 means securefile.MaxWait.
	Wait time.Duration
	// Silence is how long to wait without a Note of what for; 0 means three
	// seconds.
	Silence time.Duration
	// Note gets one-line warnings for the user; optional.
	Note func(string)
	// Debug gets one-line details, never a secret; optional.
	Debug func(string)

	// unusable is set once the store could not be read: it may have cost a
	// time-out, and is not tried again.
	unusable atomic.Bool
	// warned is set once the user knows that the store cannot be written.
	warned atomic.Bool
}

// Policy says which sessions are good enough.
type Policy struct {
	// MinTTL is the validity that a session must have left. Unless Explicit
	// it never asks for more than a quarter of the session's lifetime, so
	// that short sessions are cached as well.
	MinTTL time.Duration
	// Explicit says that the user gave MinTTL: it counts as given, and a new
	// session that does not have it is an error.
	Explicit bool
	// Refresh makes the session anew whatever the store holds. Processes
	// that refresh at the same time still share one.
	Refresh bool
}

// Request asks for one session.
type Request struct {
	// Key names the session (see Key).
	Key string
	// Profile is for messages.
	Profile string
	// Policy says what is good enough.
	Policy Policy
	// Outermost marks the step whose session leaves the tool. A stored one
	// is used without any lock; inner steps are asked for only when that
	// failed, and so take their lock straight away.
	Outermost bool
	// Refused is the access key id of a session that AWS no longer accepts
	// (ExpiredToken, InvalidClientTokenId): a stored session with this id
	// counts as missing. Empty for none.
	Refused string
}

// look returns the stored session, or the zero Entry where there is none that
// can be read. Its error is the store's own, unless that is ErrDispensable.
func (c *Cache) look(key string) (Entry, error) {
	if c.off() {
		return Entry{}, nil
	}
	data, err := c.Store.Get(key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Entry{}, nil
	case errors.Is(err, ErrCorrupt):
	case errors.Is(err, ErrDispensable):
		c.unusable.Store(true)
		c.debug("going on without the session cache: " + err.Error())
		return Entry{}, nil
	case err != nil:
		return Entry{}, err
	}
	if err == nil {
		var entry Entry
		if entry, err = Decode(key, data); err == nil {
			return entry, nil
		}
	}
	c.debug("cached session " + key + " counts as missing: " + err.Error())
	return Entry{}, nil
}

// keep stores a new session and tells the index, unless the session may have
// been revoked since the generation under which it was begun. That is looked
// at once more when it is stored: a clearing that did not see it had begun
// before, and had recorded the revocation by then.
func (c *Cache) keep(key string, e Entry, began int64) {
	s := sessionOf(key, e)
	switch {
	case c.off() || !e.cacheable():
	case c.revokedSince(began, s):
		c.debug(revokedMeanwhile)
	case !c.store(key, e):
	case c.revokedSince(began, s):
		c.debug(revokedMeanwhile)
		c.takeBack(key)
	case c.Index != nil:
		if err := c.Index.putSession(s); err != nil {
			c.debug(indexUnwritable + err.Error())
		}
	}
}

const revokedMeanwhile = "the new session is not kept: sessions like it were revoked while it was being made"

// store reports whether the session is in the store now.
func (c *Cache) store(key string, e Entry) bool {
	data, err := Encode(key, e)
	if err == nil {
		err = c.Store.Set(key, data)
	}
	if err != nil {
		c.unkept(err)
	}
	return err == nil
}

const indexUnwritable = "the index of sessions could not be written: "

// unkept warns once, however many steps a chain has. Where nobody could have
// helped it is a detail, and whoever pressed Ctrl-C knows.
func (c *Cache) unkept(err error) {
	switch {
	case errors.Is(err, fault.ErrInterrupted):
	case errors.Is(err, ErrDispensable):
		c.unusable.Store(true)
		c.debug("going on without the session cache: " + err.Error())
	case !c.warned.Swap(true):
		c.note("the session could not be kept for later runs: " + err.Error())
	}
}

func (c *Cache) off() bool { return c.Store == nil || c.unusable.Load() }

func (c *Cache) note(line string) {
	if c.Note != nil {
		c.Note(oneLine(line))
	}
}

func (c *Cache) debug(line string) {
	if c.Debug != nil {
		c.Debug(oneLine(line))
	}
}

// oneLine joins the lines of errors that hold several.
func oneLine(text string) string { return strings.ReplaceAll(text, "\n", ": ") }
