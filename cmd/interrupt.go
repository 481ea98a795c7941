package cmd

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
)

// interruptible is a context that ends at Ctrl-C or SIGTERM, so that a
// prompt, a lock or a call is given up at once. It heeds the signals from the
// first time somebody waits on it: until then they end the process by
// themselves, and a command that never waits does not pay for them.
//
// A caller that ignores the signals (nohup, trap) keeps ignoring them, and
// so does the child.
type interruptible struct {
	context.Context
	begin func() context.Context
	begun atomic.Pointer[context.Context]
}

func newInterruptible() *interruptible {
	c := &interruptible{Context: context.Background()}
	c.begin = sync.OnceValue(func() context.Context {
		ctx := heedSignals()
		c.begun.Store(&ctx)
		return ctx
	})
	return c
}

// Done implements context.Context.
func (c *interruptible) Done() <-chan struct{} { return c.begin().Done() }

// Err implements context.Context.
func (c *interruptible) Err() error {
	if ctx := c.begun.Load(); ctx != nil {
		return (*ctx).Err()
	}
	return nil
}

// heedSignals is never undone: the process ends or becomes its child soon
// after, and a second Ctrl-C must not kill it half-way through a write.
func heedSignals() context.Context {
	var heed []os.Signal
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		if !signal.Ignored(sig) {
			heed = append(heed, sig)
		}
	}
	if len(heed) == 0 {
		return context.Background()
	}
	ctx, _ := signal.NotifyContext(context.Background(), heed...)
	return ctx
}
