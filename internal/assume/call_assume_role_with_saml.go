package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
)

// sendAssumeRoleWithSAML is AssumeRoleWithSAML. The session's name, its tags
// and its source identity are the assertion's
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
func sendAssumeRoleWithSAML(ctx context.Context, c *stsClient, p parameters, provider string, assertion creds.Secret) (creds.Credentials, error) {
	out, err := c.api.AssumeRoleWithSAML(ctx, &sts.AssumeRoleWithSAMLInput{
		RoleArn:         &p.call.RoleARN,
		PrincipalArn:    &provider,
		SAMLAssertion:   aws.String(assertion.Reveal()),
		DurationSeconds: p.seconds(),
		Policy:          optional(p.call.Policy),
		PolicyArns:      p.policies(),
	}, c.options...)
	if err != nil {
		return creds.Credentials{}, err
	}
	return assumed(out.Credentials, out.AssumedRoleUser)
}
