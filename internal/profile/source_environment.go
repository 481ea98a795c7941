package profile

import (
	"slices"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const (
	variableAccessKeyID     = "AWS_ACCESS_KEY_ID"
	variableSecretAccessKey = "AWS_SECRET_ACCESS_KEY"
	variableTokenFile       = "AWS_WEB_IDENTITY_TOKEN_FILE"
)

// offer is one kind of credentials that an environment has by itself.
type offer struct {
	// what names it for a person.
	what string
	// here tells whether the environment has it.
	here func(*resolver) bool
	read func(*resolver, given) (*Source, error)
}

// offers lists what an environment can have, in the SDKs' order.
func offers() []offer {
	return []offer{
		{"the variable " + variableAccessKeyID, (*resolver).haveKeys, (*resolver).environmentSource},
		{"the variable " + variableTokenFile, haveAny(variableTokenFile), (*resolver).tokenFileSource},
		{"the container's credentials (" + ContainerPath + ", " + ContainerURL + ")", haveAny(ContainerPath, ContainerURL), (*resolver).containerSource},
		{"the EC2 instance's metadata", (*resolver).onEC2, (*resolver).instanceSource},
	}
}

// haveAny tells whether the caller set one of the variables.
func haveAny(names ...string) func(*resolver) bool {
	return func(r *resolver) bool {
		for _, name := range names {
			if r.callersEnv(name).isSet() {
				return true
			}
		}
		return false
	}
}

// haveKeys: access key variables are an offer unless they are those of the
// session around this run, from which nothing starts unasked.
func (r *resolver) haveKeys() bool {
	id, secret := r.keyVariables()
	return (id.isSet() || secret.isSet()) && !r.borrowedKeys()
}

// borrowedKeys reports whether access key variables are a session's that this
// tool made.
func (r *resolver) borrowedKeys() bool {
	return r.req.Inside != "" || slices.Contains(r.outer, variableAccessKeyID)
}

// firstOffer returns what the environment has by itself, if anything.
func (r *resolver) firstOffer() (offer, bool) {
	for _, o := range offers() {
		if o.here(r) {
			return o, true
		}
	}
	return offer{}, false
}

// offered reads the first credentials that the environment has by itself.
func (r *resolver) offered() (*Source, error) {
	o, ok := r.firstOffer()
	if !ok {
		return nil, r.nothingOffered().In(r.req.Profile)
	}
	s, err := o.read(r, given{})
	if s != nil {
		s.PassedOver = r.passedOver(o.what)
	}
	return s, err
}

// passedOver names what the variables offer behind what is used. Whether this
// machine is an EC2 instance is not looked up for it.
func (r *resolver) passedOver(used string) []string {
	all := offers()
	var behind []string
	for _, o := range all[:len(all)-1] {
		if o.what != used && o.here(r) {
			behind = append(behind, o.what)
		}
	}
	return behind
}

// keyVariables returns the access key pair of the environment: AWS's names,
// else, where both are set, those that the SDK for Go reads as well.
func (r *resolver) keyVariables() (id, secret given) {
	id, secret = r.env(variableAccessKeyID), r.env(variableSecretAccessKey)
	if id.isSet() || secret.isSet() {
		return id, secret
	}
	if otherID, otherSecret := r.env("AWS_ACCESS_KEY"), r.env("AWS_SECRET_KEY"); otherID.isSet() && otherSecret.isSet() {
		return otherID, otherSecret
	}
	return id, secret
}

// environmentSource reads the access key variables. by is the setting that
// asked for them, if one did. Without the variables there is a plan, which
// cannot be walked.
func (r *resolver) environmentSource(by given) (*Source, error) {
	id, secret := r.keyVariables()
	s := &Source{Kind: Environment, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}
	switch {
	case id.isSet() && secret.isSet():
		s.Keys = r.environmentKeys(id, secret)
		s.Unavailable = r.ended(s.Keys, by)
	case id.isSet() || secret.isSet():
		s.Unavailable = halfPair(firstSet(id, secret), id, secret).In(by.profile)
	default:
		s.Unavailable = by.wrong(fault.NoCredentials, "finds no %s in the environment", variableAccessKeyID).
			Fix("set %s and %s", variableAccessKeyID, variableSecretAccessKey)
	}
	return s, nil
}

func (r *resolver) environmentKeys(id, secret given) creds.Credentials {
	if id.name != variableAccessKeyID {
		r.note("", id.name+" and "+secret.name+" are used, which only AWS's SDK for Go reads as well: set "+variableAccessKeyID+" and "+variableSecretAccessKey)
	}
	keys := creds.Credentials{
		AccessKeyID:     id.Text,
		SecretAccessKey: creds.Secret(secret.Text),
		SessionToken:    creds.Secret(r.environmentToken(id).Text),
	}
	if account := r.env("AWS_ACCOUNT_ID").Text; isAccount(account) {
		keys.AccountID = account
	}
	if at, err := time.Parse(time.RFC3339, r.env("AWS_CREDENTIAL_EXPIRATION").Text); err == nil && keys.Temporary() {
		keys.Expiration = at.UTC()
	}
	return keys
}

// ended refuses keys that the environment says to have expired; nil for others.
func (r *resolver) ended(keys creds.Credentials, by given) *fault.Error {
	if end := keys.Expiration; r.req.Now == nil || end.IsZero() || end.After(r.req.Now()) {
		return nil
	}
	return fault.New(fault.InvalidValue, "the credentials in the environment expired at %s, as AWS_CREDENTIAL_EXPIRATION says", keys.ExpirationText()).
		In(by.profile).At(by.Origin).Fix("get new ones, or unset what is left over")
}

// environmentToken returns the session token that belongs to the keys.
// AWS_SECURITY_TOKEN is boto's old name of it, which boto3 still reads first:
// a stale one breaks every program in Python, so it is never passed over in
// silence.
func (r *resolver) environmentToken(id given) given {
	token, old := r.env("AWS_SESSION_TOKEN"), r.env("AWS_SECURITY_TOKEN")
	switch {
	case !old.isSet() || old.Text == token.Text:
		return token
	case token.isSet():
		r.note("", "AWS_SECURITY_TOKEN is another token than AWS_SESSION_TOKEN and is not used, but boto3 would use it: unset it")
		return token
	case strings.HasPrefix(id.Text, "AKIA"):
		r.note("", "AWS_SECURITY_TOKEN is not used, because no token belongs to a long-lived key, but boto3 would use it: unset it")
		return token
	}
	r.note("", "AWS_SECURITY_TOKEN is used as the session token, and only boto3 reads it beside this program: set AWS_SESSION_TOKEN")
	return old
}

// asSettings returns the setting that asked for a source, if one did, as the
// source's own.
func asSettings(by given) map[string]Value {
	settings := map[string]Value{}
	if by.isSet() {
		settings[by.name] = by.Value
	}
	return settings
}
