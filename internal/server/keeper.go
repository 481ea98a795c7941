package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"assume-role/internal/creds"
)

const (
	// patience is how long a request waits for a session; SDKs give up sooner.
	patience = 30 * time.Second
	// grace is how long it waits for a newer one than one that is still valid:
	// SDKs give an answer one or two seconds.
	grace = 750 * time.Millisecond
	// longest bounds the making of one session: a wait for another process, and
	// the calls.
	longest = 6 * time.Minute
	// rounds is how often a session may be ended from outside while a request
	// waits for it.
	rounds = 4
)

// errBusy says that a session was still being made when patience ended.
var errBusy = errors.New("the credentials are still being made: try again")

// keeper holds the current session of one profile and renews it. However many
// clients ask, one call of Profile.Credentials is under way at a time.
type keeper struct {
	Profile
	options     Options
	generations *generations

	mu      sync.Mutex
	session *session
	due     time.Duration // what the session has left when it is to be renewed
	flight  *flight
	failure failure
	asked   time.Time
	// lifetime is the longest that a session had left when it came.
	lifetime time.Duration
}

// flight is one call that all who need its session wait for.
type flight struct {
	done    chan struct{}
	session *session // this and err are set before done is closed
	err     error
}

func newKeeper(p Profile, o Options, g *generations) *keeper {
	return &keeper{Profile: p, options: o, generations: g}
}

// fetch returns a session to answer with. It waits for a flight only where
// there is none to hand out, or for a moment where SDKs want a newer one. life
// is that of flights.
func (k *keeper) fetch(ctx, life context.Context) (*session, error) {
	for range rounds {
		s, f, err := k.look(life)
		if f == nil {
			return s, err
		}
		wait := patience
		if s != nil {
			wait = grace
		}
		newer, err := f.wait(ctx, wait)
		switch {
		case err == nil && k.serves(newer):
			return newer, nil
		case s != nil && k.serves(s):
			return s, nil
		case err != nil:
			return nil, err
		}
	}
	return nil, errBusy
}

// wait returns what the flight brought.
func (f *flight) wait(ctx context.Context, most time.Duration) (*session, error) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-f.done:
		return f.session, f.err
	case <-timer.C:
		return nil, errBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// look decides what a request gets: a session, a flight to wait for, both (the
// session is for when the flight takes long), or the error of the last flight.
func (k *keeper) look(life context.Context) (*session, *flight, error) {
	now, generation := k.now(), k.generations.now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = now
	s := k.valid(now, generation)
	switch {
	case s != nil && s.left(now) >= k.due:
		return s, nil, nil
	case k.flight == nil && k.failure.left(now) > 0:
		if s != nil {
			return s, nil, nil
		}
		return nil, nil, k.failure.err
	}
	f := k.depart(life, now)
	if s != nil && s.left(now) >= s.window {
		return s, nil, nil
	}
	return s, f, nil
}

// valid is the current session, unless it has ended: by the clock, or from
// outside, in which case an earlier failure says nothing any more.
func (k *keeper) valid(now time.Time, generation *int64) *session {
	s := k.session
	switch {
	case s == nil:
		return nil
	case generation != nil && *generation != s.generation:
		k.options.Debug("profile %q: its session was ended from outside", k.Name)
		k.session, k.failure = nil, failure{}
		return nil
	case s.left(now) == 0:
		return nil
	}
	return s
}

// serves reports whether a session that was just fetched may be handed out.
func (k *keeper) serves(s *session) bool {
	generation := k.generations.now()
	return s.left(k.now()) > 0 && (generation == nil || *generation == s.generation)
}

// depart returns the flight that is under way, or a new one. k is locked.
func (k *keeper) depart(life context.Context, now time.Time) *flight {
	if k.flight != nil {
		return k.flight
	}
	ttl := max(window, k.MinTTL)
	if k.session != nil { // the one that is there is not what is wanted
		ttl = max(ttl, k.session.left(now)+time.Second)
	}
	f := &flight{done: make(chan struct{})}
	k.flight = f
	go k.fly(life, f, ttl)
	return f
}

// fly makes or finds a session, and lands.
func (k *keeper) fly(life context.Context, f *flight, ttl time.Duration) {
	ctx, cancel := context.WithTimeout(life, longest)
	defer cancel()
	began := k.generations.now()
	c, err := k.credentials(ctx, ttl)
	now := k.now()
	if err == nil {
		c, err = servable(k.Name, c, now)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(f.done)
	k.flight = nil
	if err != nil {
		f.err = err
		k.crashed(err, now)
		return
	}
	var generation int64
	if began != nil {
		generation = *began
	}
	k.lifetime = max(k.lifetime, k.Lifetime, c.Expiration.Sub(now))
	f.session = newSession(c, k.RoleARN, now, k.lifetime, generation)
	f.session.window = max(f.session.window, k.MinTTL)
	k.landed(f.session, now)
}

// credentials contains what goes wrong in the call.
func (k *keeper) credentials(ctx context.Context, ttl time.Duration) (c creds.Credentials, err error) {
	defer contain(&err)
	return k.Credentials(ctx, ttl)
}

// landed takes a session over. Where it is the one from before, there is none
// that is newer yet.
func (k *keeper) landed(s *session, now time.Time) {
	k.failure = failure{}
	renewed := k.session == nil || !k.session.same(s)
	if renewed {
		k.options.Debug("profile %q: a session until %s", k.Name, timestamp(s.expires))
	}
	k.session, k.due = s, dueAt(s.left(now), s.window, renewed)
}

// dueAt is what a session has left when it is to be renewed: something more
// than the SDKs' window. Where that brought the same one again, it is tried
// once more in the window, and then every minute or less.
func dueAt(left, window time.Duration, renewed bool) time.Duration {
	switch early := window + spread(window/3); {
	case renewed && left > early:
		return early
	case left > window:
		return window
	}
	return left - min(left/4, time.Minute)
}

// spread is between half of d and d, so that many servers do not ask at once.
func spread(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// crashed notes a failure. A person hears of the first one while clients do not
// see it.
func (k *keeper) crashed(err error, now time.Time) {
	first := k.failure.err == nil
	k.failure = k.failure.again(err, now)
	k.options.Debug("profile %q: no session, the next attempt is in %s: %v", k.Name, k.failure.pause, err)
	if s := k.session; first && s != nil && s.left(now) > 0 {
		k.options.Note(fmt.Sprintf("the session of profile %q could not be renewed, and serves until %s: %s", k.Name, timestamp(s.expires), message(err)))
	}
}

// now is the time without the monotonic clock, which stands still while a
// computer sleeps.
func (k *keeper) now() time.Time { return k.options.Now().Round(0) }
