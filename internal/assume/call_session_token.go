package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// sessionToken is GetSessionToken
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
func sessionToken() callKind {
	return callKind{kind: profile.SessionToken, name: "GetSessionToken", send: sendSessionToken}
}

func sendSessionToken(ctx context.Context, c query.Client, p parameters) (creds.Credentials, error) {
	out, err := query.Ask[issued](ctx, c, "GetSessionToken", p.form(query.Parameters{
		"SerialNumber": p.serial(),
		"TokenCode":    p.code.Reveal(),
	}))
	if err != nil {
		return creds.Credentials{}, err
	}
	return out.credentials()
}
