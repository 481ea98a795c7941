package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
)

// sendAssumeRoleWithWebIdentity is AssumeRoleWithWebIdentity. The session's
// tags and its source identity are the token's
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
func sendAssumeRoleWithWebIdentity(ctx context.Context, c *stsClient, p parameters, token creds.Secret) (creds.Credentials, error) {
	out, err := c.api.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn:          &p.call.RoleARN,
		RoleSessionName:  p.sessionName(),
		WebIdentityToken: aws.String(token.Reveal()),
		DurationSeconds:  p.seconds(),
		Policy:           optional(p.call.Policy),
		PolicyArns:       p.policies(),
	}, c.options...)
	if err != nil {
		return creds.Credentials{}, err
	}
	return assumed(out.Credentials, out.AssumedRoleUser)
}
