package cmd

import (
	"cmp"
	"slices"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/exec"
)

// statusNow is what the environment and the index say at one moment.
type statusNow struct {
	now time.Time
	// shell is the session that the caller is in; nil for none.
	shell *shellSession
	// sessions are those in the cache that have not expired, sorted.
	sessions []cache.Session
}

// shellSession is a session as the variables of a shell tell it.
type shellSession struct {
	exec.Inside
	// skew is AWS's clock minus the local one, where the index knows it.
	skew time.Duration
}

func (a *app) statusNow() statusNow {
	s := statusNow{now: a.host.Now()}
	known := a.known().Sessions
	if inside, ok := exec.InsideOf(a.host.Environ); ok {
		s.shell = &shellSession{inside, skewOf(known, inside.Expires)}
	}
	s.sessions = slices.DeleteFunc(slices.Clone(known), func(k cache.Session) bool { return k.Left(s.now) == 0 })
	slices.SortStableFunc(s.sessions, func(a, b cache.Session) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.RoleARN, b.RoleARN), a.Expires.Compare(b.Expires), cmp.Compare(a.Key, b.Key))
	})
	return s
}

// skewOf is the difference of the clocks when the session was made that ends
// at that time. The variables of a shell do not say it; what a clear-cache
// forgot counts as none.
func skewOf(known []cache.Session, ends time.Time) time.Duration {
	i := slices.IndexFunc(known, func(k cache.Session) bool { return k.Expires.Equal(ends) })
	if i < 0 {
		return 0
	}
	return known[i].Skew
}

// ends is when the shell's session ends, by the local clock; zero if never.
func (s *shellSession) ends() time.Time {
	if s.Expires.IsZero() {
		return time.Time{}
	}
	return s.Expires.Add(-s.skew)
}
