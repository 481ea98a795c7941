package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// bubble is a keeper under a clock that stands still until all wait.
type bubble struct {
	*testing.T
	*Server
	k     *keeper
	aws   *issuer
	moved time.Duration // what the wall clock is ahead of the timers
	epoch atomic.Int64
	notes []string
	blind bool // the generation cannot be read
	mu    sync.Mutex
}

// set changes what the server's goroutines see.
func (b *bubble) set(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

// issuer makes sessions as the tool's cache does: a stored one while it has ttl
// left, or a quarter of its lifetime.
type issuer struct {
	now      func() time.Time
	lifetime time.Duration
	takes    time.Duration
	err      error
	minted   int
	asked    int
	under    atomic.Int64
	stored   creds.Credentials
	mu       *sync.Mutex
}

func (a *issuer) credentials(ctx context.Context, ttl time.Duration) (creds.Credentials, error) {
	if a.under.Add(1) > 1 {
		panic("two calls at a time")
	}
	defer a.under.Add(-1)
	a.mu.Lock()
	takes := a.takes
	a.asked++
	a.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return creds.Credentials{}, ctx.Err()
	}
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return creds.Credentials{}, a.err
	}
	if a.stored.Expiration.Sub(now) < min(ttl, a.lifetime/4) {
		a.minted++
		a.stored = creds.Credentials{
			AccessKeyID: fmt.Sprint("ASIA", a.minted), SecretAccessKey: canarySecret, SessionToken: canaryToken,
			Expiration: now.Add(a.lifetime),
		}
	}
	return a.stored, nil
}

// inBubble runs a test whose server renews one profile's sessions of lifetime.
func inBubble(t *testing.T, lifetime time.Duration, test func(*bubble)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{T: t}
		now := func() time.Time {
			b.mu.Lock()
			defer b.mu.Unlock()
			return time.Now().Add(b.moved)
		}
		b.aws = &issuer{mu: &b.mu, now: now, lifetime: lifetime, takes: 100 * time.Millisecond}
		b.Server = New(Options{
			Profiles: []Profile{{Name: "dev", Token: tokenDev, Path: "/", Credentials: b.aws.credentials}}, Now: now,
			Note: func(s string) { b.set(func() { b.notes = append(b.notes, s) }) },
			Generation: func() (int64, error) {
				b.mu.Lock()
				defer b.mu.Unlock()
				if b.blind {
					return 0, errors.New("unreadable")
				}
				return b.epoch.Load(), nil
			},
		})
		b.k = b.doors.first
		ctx, cancel := context.WithCancel(t.Context())
		go b.tend(ctx)
		test(b)
		cancel()
		synctest.Wait()
	})
}

// ask fetches once, and tells which session came and what it had left.
func (b *bubble) ask() (key string, left time.Duration, err error) {
	s, err := b.k.fetch(b.Context(), b.Context())
	if err != nil {
		return "", 0, err
	}
	return s.key, s.left(b.k.now()), nil
}

// want asks, and wants that session.
func (b *bubble) want(key string) {
	b.Helper()
	if got, _, err := b.ask(); got != key || err != nil {
		b.Errorf("at %s: %q, not %q (%v)", time.Now().Format(time.TimeOnly), got, key, err)
	}
}

// revoke ends the session from outside.
func (b *bubble) revoke() {
	b.set(func() { b.aws.stored = creds.Credentials{} })
	b.epoch.Add(1)
	time.Sleep(2 * recent)
}

// asked is how often the server asked for a session, minted how often that made
// one, said what a person was told.
func (b *bubble) asked() (n int)  { b.set(func() { n = b.aws.asked }); return n }
func (b *bubble) minted() (n int) { b.set(func() { n = b.aws.minted }); return n }
func (b *bubble) said() (all []string) {
	b.set(func() { all = slices.Clone(b.notes) })
	return all
}

// sleep lets time pass, and what falls due in it happen.
func (b *bubble) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestThousandClientsOneCall(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.set(func() { b.aws.takes = time.Second })
		var all sync.WaitGroup
		for range 1000 {
			all.Go(func() { b.want("ASIA1") })
		}
		all.Wait()
		if b.asked() != 1 {
			b.Errorf("%d calls", b.asked())
		}
	})
}

// TestNoClientSeesTheWindow: whoever asks, whenever, for two days, gets a
// session with more left than SDKs want, and nobody waits but the first.
func TestNoClientSeesTheWindow(t *testing.T) {
	for name, c := range map[string]struct {
		lifetime, least time.Duration
	}{
		"an hour":    {time.Hour, 15 * time.Minute},
		"12 hours":   {12 * time.Hour, 15 * time.Minute},
		"15 minutes": {15 * time.Minute, 225 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, c.lifetime, func(b *bubble) {
				b.want("ASIA1")
				for range 2 * 24 * 60 {
					b.sleep(time.Minute)
					began := time.Now()
					if _, left, err := b.ask(); err != nil || left < c.least-time.Second {
						b.Fatalf("%s left: %v", left, err)
					}
					if waited := time.Since(began); waited > grace {
						b.Fatalf("waited for %s", waited)
					}
				}
				if most := int(48*time.Hour/(c.lifetime*2/3)) + 2; b.minted() > most {
					b.Errorf("%d sessions in two days, more than %d", b.minted(), most)
				}
			})
		})
	}
}

// TestRenewedWithNobodyAsking, but not for ever.
func TestRenewedWithNobodyAsking(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.sleep(46 * time.Minute)
		if b.minted() != 2 {
			b.Errorf("%d sessions", b.minted())
		}
		b.sleep(absence)
		n := b.minted()
		b.sleep(absence)
		if b.minted() != n {
			b.Errorf("%d sessions for nobody", b.minted()-n)
		}
		b.want(fmt.Sprint("ASIA", n+1))
	})
}

// TestNothingBeforeTheFirstRequest: a server that nobody asks calls nothing.
func TestNothingBeforeTheFirstRequest(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.sleep(48 * time.Hour)
		if b.asked() != 0 {
			b.Errorf("%d calls", b.asked())
		}
	})
}

// TestFailedRenewalKeepsWhatIsValid, tries again ever more slowly, says so once,
// and fails only at the session's end.
func TestFailedRenewalKeepsWhatIsValid(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.set(func() { b.aws.err = fault.New("", "no way").In("dev") })
		b.set(func() { b.aws.takes = 0 })
		for range 59 * 60 {
			b.sleep(time.Second)
			b.want("ASIA1")
		}
		if n := b.asked(); n < 20 || n > 60 {
			b.Errorf("%d calls in the window", n)
		}
		if notes := b.said(); len(notes) != 1 || !strings.Contains(notes[0], "no way") || !strings.Contains(notes[0], "serves until") {
			b.Errorf("notes: %q", notes)
		}
		b.sleep(time.Minute)
		if key, _, err := b.ask(); err == nil {
			b.Errorf("%s after its end", key)
		}
		n := b.asked()
		b.sleep(time.Hour)
		if b.asked() != n {
			b.Error("a session that has ended is tried again for nobody")
		}
		b.set(func() { b.aws.err = nil })
		b.want("ASIA2")
	})
}

// TestSlowRenewal in the window costs a client a moment, not its session.
func TestSlowRenewal(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.set(func() { b.aws.takes = time.Minute })
		b.set(func() { b.moved = 50 * time.Minute }) // the computer slept
		began := time.Now()
		b.want("ASIA1")
		if waited := time.Since(began); waited != grace {
			b.Errorf("waited for %s", waited)
		}
		b.sleep(time.Minute)
		b.want("ASIA2")
	})
}

// TestWakeUp: the timers stood still while the computer slept.
func TestWakeUp(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.set(func() { b.moved = 50 * time.Minute })
		b.sleep(lookAgain + time.Second)
		if b.minted() != 2 {
			b.Error("not renewed after a short sleep")
		}
		b.set(func() { b.moved += 24 * time.Hour })
		b.want("ASIA3")
	})
}

// TestClockSetBack: a session's age is not known any more.
func TestClockSetBack(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.set(func() { b.moved = -10 * time.Second })
		b.want("ASIA1")
		b.set(func() { b.moved = -time.Hour })
		b.set(func() { b.aws.stored = creds.Credentials{} }) // as the cache judges it
		b.want("ASIA2")
		b.set(func() { b.aws.err = errors.New("x") })
		b.set(func() { b.moved = -2 * time.Hour })
		if _, _, err := b.ask(); err == nil {
			b.Error("an hour older than it can be")
		}
		b.set(func() { b.aws.err = nil })
		b.set(func() { b.moved = -3 * time.Hour }) // in the middle of the pause
		b.set(func() { b.aws.stored = creds.Credentials{} })
		b.want("ASIA3")
	})
}

// TestEndedFromOutside: by revoke or clear-cache, also while the next one is
// under way.
func TestEndedFromOutside(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.want("ASIA1")
		b.revoke()
		b.want("ASIA2")
		b.revoke()
		b.set(func() { b.aws.takes = time.Second })
		go func() {
			time.Sleep(500 * time.Millisecond)
			b.revoke()
			time.Sleep(600 * time.Millisecond)
			b.set(func() { b.aws.stored = creds.Credentials{} }) // the cache keeps no session that began before
		}()
		b.want("ASIA4")
	})
}

// TestEndedFromOutsideForEver: a request does not go round for ever.
func TestEndedFromOutsideForEver(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.k.generations.read = func() (int64, error) { return b.epoch.Add(1), nil }
		if _, _, err := b.ask(); !errors.Is(err, errBusy) {
			b.Error(err)
		}
	})
}

// TestUnreadableGeneration keeps what is in memory.
func TestUnreadableGeneration(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.sleep(2 * recent)
		b.set(func() { b.blind = true })
		b.want("ASIA1")
		b.set(func() { b.moved = 2 * time.Hour })
		b.want("ASIA2")
		b.sleep(2 * recent)
		b.set(func() { b.blind = false })
		b.want("ASIA2")
		b.revoke()
		b.want("ASIA3")
	})
}

// TestRevocationEndsThePause: what failed before says nothing any more.
func TestRevocationEndsThePause(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.want("ASIA1")
		b.set(func() { b.aws.err = errors.New("x") })
		b.set(func() { b.moved = 50 * time.Minute })
		b.want("ASIA1")
		b.set(func() { b.aws.err = nil })
		b.revoke()
		b.want("ASIA2")
	})
}

// TestFoundInTheCache: a session that came with little left is judged by its
// whole lifetime, where that is known.
func TestFoundInTheCache(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.k.Lifetime = time.Hour
		b.set(func() {
			b.aws.minted = 1
			b.aws.stored = creds.Credentials{AccessKeyID: "ASIA1", SecretAccessKey: "x", SessionToken: "x", Expiration: time.Now().Add(16 * time.Minute)}
		})
		b.want("ASIA1")
		b.sleep(61 * time.Second)
		b.want("ASIA2")
	})
}

// TestPanic of what makes sessions is an error.
func TestPanic(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.k.Credentials = func(context.Context, time.Duration) (creds.Credentials, error) { panic(canarySecret) }
		if _, _, err := b.ask(); err == nil || strings.Contains(err.Error(), canarySecret) {
			b.Error(err)
		}
	})
}

// TestGivesUp on a session that does not come; it comes to the next who asks.
func TestGivesUp(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.set(func() { b.aws.takes = patience + time.Second })
		if _, _, err := b.ask(); !errors.Is(err, errBusy) {
			b.Error(err)
		}
		b.want("ASIA1")
		gone, cancel := context.WithCancel(b.Context())
		cancel()
		b.set(func() { b.moved = 2 * time.Hour })
		if _, err := b.k.fetch(gone, b.Context()); !errors.Is(err, context.Canceled) {
			b.Error(err)
		}
		b.sleep(time.Minute)
		b.want("ASIA2")
	})
}

// TestHangs: a call that never ends is ended.
func TestHangs(t *testing.T) {
	inBubble(t, time.Hour, func(b *bubble) {
		b.set(func() { b.aws.takes = 1000 * time.Hour })
		_, _, _ = b.ask()
		b.sleep(longest)
		b.set(func() { b.aws.takes = 0 })
		b.want("ASIA1")
	})
}

func TestServable(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	good := creds.Credentials{AccessKeyID: "ASIA", SecretAccessKey: "x", SessionToken: "y", Expiration: now.Add(time.Hour)}
	for name, change := range map[string]func(*creds.Credentials){
		"has ended":   func(c *creds.Credentials) { c.Expiration = now },
		"long-lived":  func(c *creds.Credentials) { c.SessionToken, c.Expiration = "", time.Time{} },
		"no credent":  func(c *creds.Credentials) { c.SecretAccessKey = "" },
		"no credenti": func(c *creds.Credentials) { *c = creds.Credentials{} },
	} {
		c := good
		change(&c)
		if _, err := servable("dev", c, now); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	endless := good
	endless.Expiration = time.Time{}
	if c, err := servable("dev", endless, now); err != nil || !c.Expiration.Equal(now.Add(unknownEnd)) {
		t.Errorf("%v %v", c.Expiration, err)
	}
	if c, err := servable("dev", good, now); err != nil || c != good {
		t.Error(c, err)
	}
}
