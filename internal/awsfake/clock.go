package awsfake

import (
	"sync/atomic"
	"time"
)

// clock is AWS's idea of the time: a base that runs by itself, and how far a
// test has moved it.
type clock struct {
	base   func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time {
	return c.base().Add(time.Duration(c.offset.Load())).UTC()
}

// Now is the time at AWS, in UTC. It is in the Date header of every answer and
// decides over expiry, MFA codes and the age of signatures.
func (f *Fake) Now() time.Time { return f.clock.now() }

// Advance moves AWS's clock: sessions expire without a wait. A negative d moves
// it back. A client whose own clock stays behind by more than five minutes is
// refused, as anywhere.
func (f *Fake) Advance(d time.Duration) { f.clock.offset.Add(int64(d)) }
