package mfa

import (
	"context"
	"fmt"
	"time"
)

// untilNext is the time until the device shows another code.
func untilNext(now time.Time) time.Duration {
	return period - time.Duration(now.UnixNano()%int64(period))
}

// seconds is a time in whole seconds, rounded up.
func seconds(d time.Duration) int64 { return int64((d + time.Second - 1) / time.Second) }

// awaitNext waits for the device's next code, and counts the seconds where
// somebody sees them.
func (c *Codes) awaitNext(ctx context.Context, serial string, wait time.Duration) error {
	if c.Status == nil {
		return c.Sleep(ctx, wait)
	}
	defer c.Status("")
	for wait > 0 {
		step := wait % time.Second
		if step == 0 {
			step = time.Second
		}
		wait -= step
		c.Status(fmt.Sprintf("the code of %s was used already; its next one comes in %d s", serial, seconds(wait+step)))
		if err := c.Sleep(ctx, step); err != nil {
			return err
		}
	}
	return nil
}
