package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/query"
)

// sendAssumeRoleWithWebIdentity is AssumeRoleWithWebIdentity. The session's
// tags and its source identity are the token's
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
func sendAssumeRoleWithWebIdentity(ctx context.Context, c query.Client, p parameters, token creds.Secret) (creds.Credentials, error) {
	out, err := query.Ask[issued](ctx, c, webIdentityCall, p.form(query.Parameters{
		"RoleArn":          p.call.RoleARN,
		"RoleSessionName":  p.sessionName(),
		"WebIdentityToken": token.Reveal(),
	}))
	if err != nil {
		return creds.Credentials{}, err
	}
	return out.session(out.AssumedRoleUser)
}
