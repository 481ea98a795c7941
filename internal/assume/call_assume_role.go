package assume

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// assumeRole is AssumeRole
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
func assumeRole() callKind {
	return callKind{kind: profile.AssumeRole, name: "AssumeRole", send: sendAssumeRole}
}

func sendAssumeRole(ctx context.Context, c *stsClient, p parameters) (creds.Credentials, error) {
	out, err := c.api.AssumeRole(ctx, &sts.AssumeRoleInput{
		RoleArn:           &p.call.RoleARN,
		RoleSessionName:   p.sessionName(),
		DurationSeconds:   p.seconds(),
		ExternalId:        optional(p.call.ExternalID),
		SourceIdentity:    optional(p.call.SourceIdentity),
		Policy:            optional(p.call.Policy),
		PolicyArns:        p.policies(),
		Tags:              p.tags(),
		TransitiveTagKeys: p.call.TransitiveTagKeys,
		SerialNumber:      p.serial(),
		TokenCode:         p.token(),
	}, c.options...)
	if err != nil {
		return creds.Credentials{}, err
	}
	return assumed(out.Credentials, out.AssumedRoleUser)
}
