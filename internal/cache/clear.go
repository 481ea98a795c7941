package cache

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"assume-role/internal/creds"
)

// Filter chooses sessions to remove. A session is chosen when any of the
// lists names it or All is set, and then only if it passes Expired.
type Filter struct {
	// All chooses every session, those of deleted profiles included.
	All bool
	// Expired leaves the sessions that are still valid alone.
	Expired bool
	// Profiles are the profiles whose steps made a session.
	Profiles []string
	// Keys are the sessions' own names.
	Keys []string
	// SourceKeys are access key ids of the long-lived keys at a chain's start.
	SourceKeys []string
	// Roles are the ARNs of the roles that sessions are of.
	Roles []string
	// Via are the ARNs of roles that sessions came through before their own.
	Via []string
	// Users are access key ids of IAM users: their GetSessionToken and
	// GetFederationToken sessions, which a policy on the user governs, and not
	// the roles' sessions made from those, which the role's policies do.
	Users []string
}

// matches reports whether s is chosen at now.
func (f Filter) matches(s Session, now time.Time) bool {
	if f.Expired && s.Left(now) > 0 {
		return false
	}
	return f.All || slices.Contains(f.Keys, s.Key) || slices.Contains(f.Profiles, s.Profile) ||
		creds.AmongRoles(s.RoleARN, f.Roles) || s.came(f.Via) ||
		s.SourceKey != "" && (slices.Contains(f.SourceKeys, s.SourceKey) || s.isUsers() && slices.Contains(f.Users, s.SourceKey))
}

// came reports whether the session came through one of the roles.
func (s Session) came(through []string) bool {
	return slices.ContainsFunc(s.Via, func(arn string) bool { return creds.AmongRoles(arn, through) })
}

// isUsers reports whether the session has an IAM user's own permissions, in
// whole or in part.
func (s Session) isUsers() bool { return s.Kind == "session-token" || s.Kind == "federation-token" }

// byName reports whether a session's name alone decides.
func (f Filter) byName(key string) bool {
	return !f.Expired && (f.All || slices.Contains(f.Keys, key))
}

// Cleared is what Clear did.
type Cleared struct {
	// Removed are the sessions that are gone. Of one that the index did not
	// know and that could not be read only the Key is set.
	Removed []Session
	// Kept are the sessions that had to go and could not.
	Kept []Failure
	// Err is set when the store's sessions could not be listed: then only
	// those that the index knew were tried.
	Err error

	// missing are sessions that the index knew and the store has not.
	missing []string
}

// Failure is a session that could not be removed.
type Failure struct {
	Session Session
	// Err is the store's own error.
	Err error
}

// Clear removes the sessions that f chooses. It works without an index and
// with unreadable sessions: what the index does not know is read from the
// store, and what cannot be decoded there is chosen by every filter, because
// it is of no use to anyone. It touches nothing but sessions. The cache needs
// its Store and its Remover.
func (c *Cache) Clear(f Filter) Cleared {
	known, err := c.known()
	if err != nil {
		c.debug(err.Error())
	}
	names, err := c.Remover.Names()
	done := Cleared{Err: err}
	if err != nil {
		names = slices.Collect(maps.Keys(known))
	}
	slices.Sort(names)
	for _, name := range names {
		c.clearOne(name, known, f, &done)
	}
	c.forget(known, names, done)
	return done
}

func (c *Cache) known() (map[string]Session, error) {
	known := map[string]Session{}
	if c.Index == nil {
		return known, nil
	}
	contents, err := c.Index.Read()
	for _, s := range contents.Sessions {
		known[s.Key] = s
	}
	return known, err
}

// clearOne removes the session called name if f chooses it.
func (c *Cache) clearOne(name string, known map[string]Session, f Filter, done *Cleared) {
	s, chosen, err := c.choose(name, known, f)
	if err == nil && chosen {
		err = c.Remover.Remove(name)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		done.missing = append(done.missing, name)
	case err != nil:
		done.Kept = append(done.Kept, Failure{s, err})
	case chosen:
		done.Removed = append(done.Removed, s)
	}
}

// choose describes the session called name and says whether f chooses it. The
// store is read only when neither the name nor the index can tell.
func (c *Cache) choose(name string, known map[string]Session, f Filter) (Session, bool, error) {
	if s, ok := known[name]; ok {
		return s, f.matches(s, c.Now()), nil
	}
	if f.byName(name) {
		return Session{Key: name}, true, nil
	}
	data, err := c.Store.Get(name)
	if err != nil && !errors.Is(err, ErrCorrupt) {
		return Session{Key: name}, false, err
	}
	e, err := Decode(name, data)
	if err != nil {
		return Session{Key: name}, true, nil
	}
	s := sessionOf(name, e)
	return s, f.matches(s, c.Now()), nil
}

// forget takes out of the index what was removed, and what it knew but the
// store no longer has. The generation goes up where anything had to go.
func (c *Cache) forget(known map[string]Session, names []string, done Cleared) {
	if c.Index == nil {
		return
	}
	gone := done.missing
	for _, s := range done.Removed {
		gone = append(gone, s.Key)
	}
	for _, name := range names {
		delete(known, name)
	}
	gone = slices.AppendSeq(gone, maps.Keys(known))
	had := len(done.Removed)+len(done.Kept) > 0
	err := c.Index.update(func(contents *Contents) {
		contents.amend(nil, gone)
		if had {
			contents.raise(c.Index.Now())
		}
	})
	if err != nil {
		c.debug(indexUnwritable + err.Error())
	}
}
