package cache

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
)

// Reindexed is what Reindex changed.
type Reindexed struct {
	// Sessions are in the store. Added were not in the index and are now;
	// Dropped were in it and are not in the store.
	Sessions, Added, Dropped int
	// Unread are in the store, but cannot be read: damaged, or locked.
	Unread int
}

// Reindex makes the index say what the store holds, and leaves the stored
// keys in it alone. Only sessions that the index does not know are read. The
// cache needs its Store, its Remover and its Index.
func (c *Cache) Reindex() (Reindexed, error) {
	// The index is read first: what it knows then is in the store already.
	known, torn := c.known()
	if torn != nil {
		c.debug(torn.Error()) // it counts as empty, and is made anew
	}
	names, err := c.Remover.Names()
	if err != nil {
		return Reindexed{}, err
	}
	done := Reindexed{Sessions: len(names)}
	var added []Session
	for _, name := range names {
		if _, ok := known[name]; ok {
			delete(known, name)
			continue
		}
		if s, err := c.describe(name); err == nil {
			added = append(added, s)
		} else if !errors.Is(err, fs.ErrNotExist) {
			done.Unread++
		}
	}
	dropped := slices.Collect(maps.Keys(known)) // what is left
	done.Added, done.Dropped = len(added), len(dropped)
	if torn == nil && added == nil && len(dropped) == 0 {
		return done, nil
	}
	return done, c.Index.amend(added, dropped)
}

// describe reads a session to say what it is.
func (c *Cache) describe(name string) (Session, error) {
	data, err := c.Store.Get(name)
	if err != nil {
		return Session{}, err
	}
	e, err := Decode(name, data)
	return sessionOf(name, e), err
}
