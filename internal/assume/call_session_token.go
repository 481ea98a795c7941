package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// sessionToken is GetSessionToken
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
func sessionToken() callKind {
	return callKind{kind: profile.SessionToken, name: "GetSessionToken", send: sendSessionToken}
}

func sendSessionToken(ctx context.Context, c *stsClient, p parameters) (creds.Credentials, error) {
	out, err := c.api.GetSessionToken(ctx, &sts.GetSessionTokenInput{
		DurationSeconds: p.seconds(),
		SerialNumber:    p.serial(),
		TokenCode:       p.token(),
	}, c.options...)
	if err != nil {
		return creds.Credentials{}, err
	}
	return received(out.Credentials, nil)
}
