package assume

import (
	"context"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// lasting is a source that gives what there is and cannot make it anew. Where
// that is the result itself, it is refused when it ends before --min-ttl.
func lasting(get func(context.Context, *walk) (creds.Credentials, error)) func(context.Context, *walk) (creds.Credentials, error) {
	return func(ctx context.Context, w *walk) (creds.Credentials, error) {
		c, err := get(ctx, w)
		left := c.Expiration.Sub(w.Now())
		if err != nil || len(w.chain.Calls) > 0 || !w.Policy.Explicit || c.Expiration.IsZero() || left >= w.Policy.MinTTL {
			return c, err
		}
		return creds.Credentials{}, fault.New("", "the credentials end in %s, before the --min-ttl of %s", max(left, 0).Truncate(time.Second), w.Policy.MinTTL).
			In(w.chain.Source.Profile).At(w.chain.Source.Origin).Fix("get new ones, or ask for less")
	}
}
