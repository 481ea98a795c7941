package assume

import (
	"testing"
	"time"

	"assume-role/internal/awsfake"
	"assume-role/internal/profile"
)

// Credentials that nobody can renew must last as long as was asked for; what
// only signs a call need not.
func TestCarriedKeysMustLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := w.chain()
	chain.Source.Keys.SessionToken, chain.Source.Keys.Expiration = "token", w.options.Now().Add(10*time.Minute)
	w.get(chain)
	w.options.Policy.MinTTL = time.Hour
	w.get(chain) // a default
	w.options.Policy.Explicit = true
	w.fails(chain, "end in 9m5", "--min-ttl of 1h0m0s", "credentials:2")
	w.options.Policy.MinTTL = 9 * time.Minute
	w.get(chain)
	w.options.Policy.MinTTL = time.Hour

	forever := w.chain()
	w.get(forever)
	call := w.role(awsfake.Role{Name: "a", MaxDuration: 2 * time.Hour})
	call.Duration = 2 * time.Hour
	signing := w.chain(call)
	signing.Source.Keys.Expiration = w.options.Now().Add(10 * time.Minute)
	w.get(signing)
	ended := w.chain()
	ended.Source.Kind, ended.Source.Keys.Expiration = profile.Environment, w.options.Now().Add(-time.Hour)
	w.fails(ended, "end in 0s")
}
