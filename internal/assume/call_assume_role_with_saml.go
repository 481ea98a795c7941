package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/query"
)

// sendAssumeRoleWithSAML is AssumeRoleWithSAML. The session's name, its tags
// and its source identity are the assertion's
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html).
func sendAssumeRoleWithSAML(ctx context.Context, c query.Client, p parameters, provider string, assertion creds.Secret) (creds.Credentials, error) {
	out, err := query.Ask[issued](ctx, c, "AssumeRoleWithSAML", p.form(query.Parameters{
		"RoleArn":       p.call.RoleARN,
		"PrincipalArn":  provider,
		"SAMLAssertion": assertion.Reveal(),
	}))
	if err != nil {
		return creds.Credentials{}, err
	}
	return out.session(out.AssumedRoleUser)
}
