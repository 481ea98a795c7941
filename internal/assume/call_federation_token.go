package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// federationToken is GetFederationToken
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html).
func federationToken() callKind {
	return callKind{kind: profile.FederationToken, name: "GetFederationToken", send: sendFederationToken}
}

// refuseSession refuses to federate a session, which the plan could not know
// of (credential_process): AWS wants the user's own keys.
func refuseSession(call *profile.Call, signer creds.Credentials) error {
	if call.Kind != profile.FederationToken || !signer.Temporary() {
		return nil
	}
	return fault.New(fault.InvalidValue, "--federate needs an IAM user's long-lived keys, and the source gave a session").In(call.Profile).Fix("leave it out")
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
