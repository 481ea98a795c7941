package iam

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
)

// LastUsed is when a key of the caller's account last signed a request, as far
// as IAM knows by now; zero where it never did.
func (c *Client) LastUsed(ctx context.Context, id string) (time.Time, error) {
	r := request{name: "GetAccessKeyLastUsed", on: "access key " + id}
	out, _, err := send(ctx, c, r, (*sdk.Client).GetAccessKeyLastUsed, &sdk.GetAccessKeyLastUsedInput{AccessKeyId: &id})
	if err != nil {
		return time.Time{}, err
	}
	if out.AccessKeyLastUsed == nil {
		return time.Time{}, c.incomplete(r)
	}
	return aws.ToTime(out.AccessKeyLastUsed.LastUsedDate).UTC(), nil
}
