package cache

import (
	"errors"
	"io/fs"
	"slices"
	"time"
)

// Revocation says which sessions AWS was told to refuse. The index holds it
// for the sessions that are being made meanwhile: they may have been issued
// before.
type Revocation struct {
	// Generation is what the revocation made the index's. A session that was
	// begun to be made under an earlier one may be revoked.
	Generation int64 `json:"generation"`
	// Roles, Via and Users are the Filter's.
	Roles []string `json:"roles,omitempty"`
	Via   []string `json:"via,omitempty"`
	Users []string `json:"users,omitempty"`
}

// longestSession is what STS gives at most
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
const longestSession = 36 * time.Hour

// over: what was issued before the revocation has ended by itself at now. The
// generation is a time, or later than the time.
func (r Revocation) over(now time.Time) bool {
	return now.Sub(time.Unix(0, r.Generation)) > longestSession
}

func (r Revocation) filter() Filter { return Filter{Roles: r.Roles, Via: r.Via, Users: r.Users} }

func (r Revocation) sameAs(o Revocation) bool {
	return slices.Equal(r.Roles, o.Roles) && slices.Equal(r.Via, o.Via) && slices.Equal(r.Users, o.Users)
}

// ClearRevoked is Clear for sessions that AWS refuses from now on: those of
// f's Roles, Via and Users, whichever else f names. A session of these that
// another process is making at this time, or that is signed with one, is used
// by that process and not kept, so that no later run gets it; sessions that a
// revocation does not concern are kept as ever, and so is everything that was
// being made while others cleared the cache. The error says that this could
// not be recorded.
func (c *Cache) ClearRevoked(f Filter) (Cleared, error) {
	_ = c.record(f) // the second one says the same, and more
	first := c.Clear(f)
	// What was begun since then may have been signed with one that is gone
	// only now: what is not kept yet will not be, and what is goes as well.
	err := c.record(f)
	done := c.Clear(f)
	done.Removed = append(first.Removed, done.Removed...)
	return done, err
}

func (c *Cache) record(f Filter) error {
	if c.Index == nil {
		return nil
	}
	return c.Index.update(func(contents *Contents) {
		contents.raise(c.Index.Now())
		latest := Revocation{Generation: contents.Generation, Roles: f.Roles, Via: f.Via, Users: f.Users}
		contents.Revocations = append(slices.DeleteFunc(contents.Revocations, latest.sameAs), latest)
	})
}

// generation is the index's; making a session begins with it.
func (c *Cache) generation() int64 {
	if c.Index == nil || c.off() {
		return 0
	}
	return c.Index.Generation()
}

// revokedSince reports whether a session that was begun under a generation may
// have been revoked before it could be kept. Where the index was lost
// meanwhile nobody can tell.
func (c *Cache) revokedSince(began int64, s Session) bool {
	now := c.generation()
	if now == began {
		return false
	}
	contents, err := c.Index.Read()
	if err != nil || contents.Generation < began {
		return true
	}
	return slices.ContainsFunc(contents.Revocations, func(r Revocation) bool {
		return r.Generation > began && r.filter().matches(s, c.Now())
	})
}

// takeBack removes a session that was revoked while it was being stored.
func (c *Cache) takeBack(key string) {
	if c.Remover == nil {
		return
	}
	if err := c.Remover.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.note("a session that was revoked while it was being made stayed in the store: " + err.Error())
	}
}
