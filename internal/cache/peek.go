package cache

import (
	"cmp"
	"iter"
	"maps"
	"slices"
)

// Peek yields the stored sessions that f chooses and that are still valid, the
// one with the longest time left first. It reads those that it yields, and
// those that the index does not know.
func (c *Cache) Peek(f Filter) iter.Seq[Entry] {
	now := c.Now()
	chosen := slices.DeleteFunc(c.sessions(), func(s Session) bool { return s.Left(now) == 0 || !f.matches(s, now) })
	slices.SortFunc(chosen, func(a, b Session) int {
		return cmp.Or(cmp.Compare(b.Left(now), a.Left(now)), cmp.Compare(a.Key, b.Key))
	})
	return func(yield func(Entry) bool) {
		for _, s := range chosen {
			e, err := c.look(s.Key)
			if err == nil && e.Left(now) > 0 && f.matches(sessionOf(s.Key, e), now) && !yield(e) {
				return
			}
		}
	}
}

// sessions describes what the store holds and can be read; only the index's
// where the store's sessions cannot be listed.
func (c *Cache) sessions() []Session {
	known, err := c.known()
	if err != nil {
		c.debug(err.Error())
	}
	names, err := c.Remover.Names()
	if err != nil {
		c.debug(err.Error())
		return slices.Collect(maps.Values(known))
	}
	var all []Session
	for _, name := range names {
		s, ok := known[name]
		if !ok {
			if s, err = c.describe(name); err != nil {
				c.debug("a stored session cannot be read: " + err.Error())
				continue
			}
		}
		all = append(all, s)
	}
	return all
}
