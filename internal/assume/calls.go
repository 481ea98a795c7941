package assume

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// callKind is one call of STS that gives credentials for credentials.
type callKind struct {
	kind profile.Kind
	// name is AWS's.
	name string
	send func(context.Context, query.Client, parameters) (creds.Credentials, error)
}

// parameters are what a call sends: all that the chain says of it, the name
// for a session that has none, and the code of its device.
type parameters struct {
	call *profile.Call
	name string
	code creds.Secret
}

// callKinds are the calls, in the order in which a chain can have them.
func callKinds() []callKind {
	return []callKind{sessionToken(), federationToken(), assumeRole()}
}

func kindOf(kind profile.Kind) callKind {
	for _, k := range callKinds() {
		if k.kind == kind {
			return k
		}
	}
	return callKind{kind: kind, name: string(kind), send: func(context.Context, query.Client, parameters) (creds.Credentials, error) {
		return creds.Credentials{}, errors.New("no such call")
	}}
}

// form is what a call sends of what every call may have, beside its own, which
// is left out where it is empty.
func (p parameters) form(own query.Parameters) query.Parameters {
	form := own.Given()
	if p.call.Duration != 0 {
		form["DurationSeconds"] = strconv.Itoa(int(p.call.Duration.Seconds()))
	}
	if p.call.Policy != "" {
		form["Policy"] = p.call.Policy
	}
	form.List("PolicyArns", "arn", p.call.PolicyARNs)
	return form
}

// sessionName is RoleSessionName.
func (p parameters) sessionName() string { return cmp.Or(p.call.SessionName, p.name) }

// serial goes with a code.
func (p parameters) serial() string {
	if p.call.Device == nil {
		return ""
	}
	return p.call.Device.Serial
}

// addTags adds the session's tags, of which a value may be empty.
func (p parameters) addTags(form query.Parameters) query.Parameters {
	var keys, values []string
	for _, t := range p.call.Tags {
		keys, values = append(keys, t.Key), append(values, t.Value)
	}
	form.List("Tags", "Key", keys)
	form.List("Tags", "Value", values)
	return form
}

// errIncomplete says that an answer was cut off or is not STS's.
var errIncomplete = errors.New("the answer holds no credentials")

// issued is what STS answers to a call that gives credentials.
type issued struct {
	Credentials *struct {
		AccessKeyID     string `xml:"AccessKeyId"`
		SecretAccessKey creds.Secret
		SessionToken    creds.Secret
		Expiration      time.Time
	}
	// AssumedRoleUser and FederatedUser say whose they are, where the call
	// makes somebody else of the caller.
	AssumedRoleUser, FederatedUser principal
}

// principal is who has the credentials.
type principal struct {
	ARN string `xml:"Arn"`
}

// session are the credentials of an answer that names who has them.
func (i issued) session(who principal) (creds.Credentials, error) {
	if who.ARN == "" {
		return creds.Credentials{}, errIncomplete
	}
	c, err := i.credentials()
	c.ARN, c.AccountID = who.ARN, profile.AccountOf(who.ARN)
	return c, err
}

// credentials are those of an answer that has all of them.
func (i issued) credentials() (creds.Credentials, error) {
	c := i.Credentials
	if c == nil || c.AccessKeyID == "" || c.SecretAccessKey == "" || c.SessionToken == "" || c.Expiration.IsZero() {
		return creds.Credentials{}, errIncomplete
	}
	return creds.Credentials{
		AccessKeyID:     c.AccessKeyID,
		SecretAccessKey: c.SecretAccessKey,
		SessionToken:    c.SessionToken,
		Expiration:      c.Expiration.UTC(),
	}, nil
}
