package iam

import (
	"context"
	"time"
)

type lastUsedResult struct {
	AccessKeyLastUsed *struct{ LastUsedDate time.Time }
}

// LastUsed is when a key of the caller's account last signed a request, as far
// as IAM knows by now; zero where it never did.
func (c *Client) LastUsed(ctx context.Context, id string) (time.Time, error) {
	r := request{name: "GetAccessKeyLastUsed", on: "access key " + id}
	out, _, err := ask[lastUsedResult](ctx, c, r, parameters{"AccessKeyId": id})
	if err != nil {
		return time.Time{}, err
	}
	if out.AccessKeyLastUsed == nil {
		return time.Time{}, c.incomplete(r)
	}
	return out.AccessKeyLastUsed.LastUsedDate.UTC(), nil
}
