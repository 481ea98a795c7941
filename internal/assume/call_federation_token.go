package assume

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
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

func sendFederationToken(ctx context.Context, c query.Client, p parameters) (creds.Credentials, error) {
	form := p.addTags(p.form(query.Parameters{"Name": p.call.FederatedName}))
	out, err := query.Ask[issued](ctx, c, "GetFederationToken", form)
	if err != nil {
		return creds.Credentials{}, err
	}
	return out.session(out.FederatedUser)
}
