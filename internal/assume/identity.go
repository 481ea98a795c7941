package assume

import (
	"context"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// Identity is whom AWS takes credentials for.
type Identity struct {
	// Account is the twelve digits of the account.
	Account string
	// ARN names the user, the role's session or the federated user.
	ARN string `xml:"Arn"`
	// UserID is AWS's unique id of it.
	UserID string `xml:"UserId"`
}

// Identity asks AWS whose credentials c are (GetCallerIdentity, which no
// policy can deny). The profile is for messages.
func (a *Assumer) Identity(ctx context.Context, profileName string, endpoint profile.Endpoint, c creds.Credentials) (Identity, error) {
	return a.identity(ctx, profileName, &profile.Source{}, endpoint, c)
}

// identity is Identity of credentials whose source is known, for advice.
func (a *Assumer) identity(ctx context.Context, profileName string, source *profile.Source, endpoint profile.Endpoint, c creds.Credentials) (Identity, error) {
	var id Identity
	op := operation{name: "GetCallerIdentity", call: &profile.Call{Profile: profileName}, source: source, signer: c}
	_, err := a.invoke(ctx, endpoint, op, func(ctx context.Context, c query.Client) (err error) {
		id, err = query.Ask[Identity](ctx, c, "GetCallerIdentity", nil)
		return err
	})
	return id, err
}

// owner is the account of the keys that sign a call, where the call's answer
// does not name it, or "". On the way it refuses root's keys: a root user's
// sessions cannot be limited or revoked
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
// Whoever presents a device is known by its ARN, which costs no call.
func (w *walk) owner(ctx context.Context, call *profile.Call, signer creds.Credentials) (account string, err error) {
	if call.Kind == profile.AssumeRole {
		return "", nil
	}
	if call.Device != nil {
		return profile.AccountOf(call.Device.Serial), refuseRoot(call, call.Device.OfRoot())
	}
	id, err := w.identity(ctx, call.Profile, &w.chain.Source, w.chain.STS, signer)
	if err != nil {
		return "", err
	}
	return id.Account, refuseRoot(call, strings.HasSuffix(id.ARN, ":root"))
}

func refuseRoot(call *profile.Call, root bool) error {
	if !root {
		return nil
	}
	return fault.New("", "the keys are the root user's, whose sessions nothing can limit or revoke").In(call.Profile).
		Fix("make an IAM user or use IAM Identity Center, and delete root's access keys")
}
