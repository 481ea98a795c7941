package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// assumeRole is AssumeRole
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
func assumeRole() callKind {
	return callKind{kind: profile.AssumeRole, name: "AssumeRole", send: sendAssumeRole}
}

func sendAssumeRole(ctx context.Context, c query.Client, p parameters) (creds.Credentials, error) {
	form := p.addTags(p.form(query.Parameters{
		"RoleArn":         p.call.RoleARN,
		"RoleSessionName": p.sessionName(),
		"ExternalId":      p.call.ExternalID,
		"SourceIdentity":  p.call.SourceIdentity,
		"SerialNumber":    p.serial(),
		"TokenCode":       p.code.Reveal(),
	}))
	form.List("TransitiveTagKeys", "", p.call.TransitiveTagKeys)
	out, err := query.Ask[issued](ctx, c, "AssumeRole", form)
	if err != nil {
		return creds.Credentials{}, err
	}
	return out.session(out.AssumedRoleUser)
}
