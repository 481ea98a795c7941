package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/securefile"
	"assume-role/internal/waiting"
)

// Mint makes a session: it calls STS, and asks Obtain for the step before it.
type Mint func(context.Context) (Entry, error)

// Obtain returns the session that r names: a stored one that meets r.Policy,
// or a new one, which it stores. However many processes and goroutines ask at
// the same time, one mints and the others wait for its result; when it dies,
// the next one takes over at once. The wait ends with ctx, or after c.Wait
// with a fault that names the process waited for.
//
// The session of an inner step, asked for with the context that a mint was given,
// is stored while that mint goes on, before Obtain of the outer step returns.
//
// A store that cannot be written is a Note, not an error. When mint reports
// ErrUnreachable, a stored session that is still valid is returned instead,
// with a Note.
func (c *Cache) Obtain(ctx context.Context, r Request, mint Mint) (Entry, error) {
	began := c.Now()
	if r.Outermost && !r.Policy.Refresh {
		found, err := c.look(r.Key)
		if err != nil || c.serves(found, r, began) {
			return found, err
		}
	}
	if c.off() {
		return c.fresh(ctx, r, mint, Entry{}, nil)
	}
	patient, cancel := context.WithTimeout(ctx, cmp.Or(c.Wait, securefile.MaxWait))
	defer cancel()
	for {
		lock, ours, err := c.lock(patient, r)
		if err != nil {
			return Entry{}, c.waitedInVain(ctx, r, err)
		}
		found, err := c.look(r.Key)
		if err != nil || c.serves(found, r, began) {
			lock.Release()
			return found, err
		}
		if ours {
			return c.fresh(ctx, r, mint, found, lock)
		}
	}
}

// serves reports whether a stored session (or none, the zero Entry) answers a
// request that came at began.
func (c *Cache) serves(e Entry, r Request, began time.Time) bool {
	if e.refused(r) || r.Policy.Refresh && e.Minted.Before(began) {
		return false
	}
	return e.meets(r.Policy, c.Now())
}

func (e Entry) refused(r Request) bool {
	return r.Refused != "" && e.Credentials.AccessKeyID == r.Refused
}

// fresh mints and stores; found is what there is in case STS is out of reach.
// The lock is freed when the session is stored.
func (c *Cache) fresh(ctx context.Context, r Request, mint Mint, found Entry, lock *securefile.Lock) (Entry, error) {
	began := c.generation()
	minting, inner := withInner(ctx)
	e, err := mint(minting)
	inner.Wait()
	if err != nil {
		lock.Release()
		return c.fallBack(found, r, err)
	}
	if e.Minted.IsZero() {
		e.Minted = c.Now()
	}
	e.Minted = e.Minted.Round(0).UTC()
	beside(ctx, r, func() {
		c.keep(r.Key, e, began)
		lock.Release()
	})
	if r.Policy.Explicit && !e.Credentials.Expiration.IsZero() && !e.meets(r.Policy, c.Now()) {
		return Entry{}, fault.New("", "%s", shortfall(e.Left(c.Now()), r.Policy.MinTTL)).
			In(r.Profile).Fix("ask for less with --min-ttl, or for a longer session with --duration")
	}
	return e, nil
}

// fallBack answers a mint that failed.
func (c *Cache) fallBack(found Entry, r Request, err error) (Entry, error) {
	left := found.Left(c.Now())
	if !errors.Is(err, ErrUnreachable) || left == 0 || found.refused(r) {
		return Entry{}, err
	}
	c.note(fmt.Sprintf("profile %q: AWS cannot be reached: using the cached session, which ends in %s",
		r.Profile, left.Round(time.Second)))
	return found, nil
}

// lock takes the session's lock if it is free. Else it waits for whoever makes
// the same session, with all others who do: then the lock is not ours, and the
// session most likely is there. A folder that cannot hold locks must not stop the
// work: the lock then is nil, which releases as well.
func (c *Cache) lock(ctx context.Context, r Request) (lock *securefile.Lock, ours bool, err error) {
	if c.Locks == "" {
		return nil, true, nil
	}
	path := filepath.Join(c.Locks, "session-"+r.Key+".lock")
	now, cancel := context.WithDeadline(ctx, time.Time{})
	defer cancel()
	lock, err = securefile.Acquire(now, path)
	var held *securefile.HeldError
	if errors.As(err, &held) {
		return nil, false, c.await(ctx, r, path)
	}
	if err != nil && ctx.Err() == nil {
		c.note("this session may be made twice, because it cannot be locked: " + err.Error())
		err = nil
	}
	return lock, true, err
}

// await waits in silence at first, and then says for whom.
func (c *Cache) await(ctx context.Context, r Request, path string) error {
	silence := waiting.Silence(ctx, cmp.Or(c.Silence, defaultSilence))
	return securefile.AwaitSaying(ctx, path, silence, func(held *securefile.HeldError) func() {
		return waiting.Or(ctx, fmt.Sprintf("profile %q: waiting for %s, which is making the same session", r.Profile, held.Holder()), c.note)
	})
}

// waitedInVain is the error of a wait that ended with its time, or with ctx.
func (c *Cache) waitedInVain(ctx context.Context, r Request, err error) error {
	var held *securefile.HeldError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !errors.As(err, &held):
		return err
	}
	return fault.New("", "waited %s for %s, which is making the same session",
		cmp.Or(c.Wait, securefile.MaxWait), held.Holder()).
		In(r.Profile).Fix("answer its prompt, or end it").Because(held)
}

// defaultSilence is that of Cache.Silence: longer than a call to STS takes.
const defaultSilence = 3 * time.Second
