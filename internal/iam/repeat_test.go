package iam

import (
	"context"
	"testing"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// A profile's retry settings hold for IAM: so many tries, each with the body.
func TestAttemptsOfAProfile(t *testing.T) {
	t.Parallel()
	for _, adaptive := range []bool{false, true} {
		w := newWorld(t)
		w.aws.AddRole(awsfake.Role{Name: "ops"})
		w.aws.Inject(awsfake.Fault{Action: "PutRolePolicy", Mode: awsfake.Unavailable, Times: 4})
		chain := *w.chain
		chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: w.aws.URL(), MaxAttempts: 4, Adaptive: adaptive}}
		c := New(hasty{w.assumer}, &chain, w.keys)
		_, err := c.PutRolePolicy(context.Background(), "ops", "P", awkward)
		w.says(err, cache.ErrUnreachable, "it answered 503 Service Unavailable")
		if n := w.aws.Count("PutRolePolicy"); n != 4 {
			t.Errorf("adaptive %v: %d calls", adaptive, n)
		}
		_, err = c.PutRolePolicy(context.Background(), "ops", "P", awkward)
		w.ok(err)
	}
}
