package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// federationToken is GetFederationToken
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html).
func federationToken() callKind {
	return callKind{kind: profile.FederationToken, name: "GetFederationToken", send: sendFederationToken}
}

func sendFederationToken(ctx context.Context, c *stsClient, p parameters) (creds.Credentials, error) {
	out, err := c.api.GetFederationToken(ctx, &sts.GetFederationTokenInput{
		Name:            &p.call.FederatedName,
		DurationSeconds: p.seconds(),
		Policy:          optional(p.call.Policy),
		PolicyArns:      p.policies(),
		Tags:            p.tags(),
	}, c.options...)
	if err != nil {
		return creds.Credentials{}, err
	}
	if out.FederatedUser == nil {
		return creds.Credentials{}, errIncomplete
	}
	return received(out.Credentials, out.FederatedUser.Arn)
}
