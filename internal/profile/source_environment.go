package profile

import (
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const (
	variableAccessKeyID     = "AWS_ACCESS_KEY_ID"
	variableSecretAccessKey = "AWS_SECRET_ACCESS_KEY"
	variableTokenFile       = "AWS_WEB_IDENTITY_TOKEN_FILE"
	variableContainerPath   = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
	variableContainerURL    = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
	variableMetadata        = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
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
		{"the variable " + variableAccessKeyID, haveAny(variableAccessKeyID, variableSecretAccessKey), (*resolver).environmentSource},
		{"the variable " + variableTokenFile, haveAny(variableTokenFile), (*resolver).tokenFileSource},
		{"the container's credentials (" + variableContainerPath + ", " + variableContainerURL + ")", haveAny(variableContainerPath, variableContainerURL), (*resolver).containerSource},
		{"the EC2 instance's metadata", (*resolver).onEC2, (*resolver).instanceSource},
	}
}

func haveAny(names ...string) func(*resolver) bool {
	return func(r *resolver) bool {
		for _, name := range names {
			if r.env(name).isSet() {
				return true
			}
		}
		return false
	}
}

func (r *resolver) onEC2() bool {
	if disabled, err := parseBool(r.env("AWS_EC2_METADATA_DISABLED")); disabled || err != nil {
		return false
	}
	return r.env(variableMetadata).isSet() || r.req.OnEC2 != nil && r.req.OnEC2()
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
	if o, ok := r.firstOffer(); ok {
		return o.read(r, given{})
	}
	return nil, r.nothingOffered().In(r.req.Profile)
}

// environmentSource reads the access key variables. by is the setting that
// asked for them, if one did. Without the variables there is a plan, which
// cannot be walked.
func (r *resolver) environmentSource(by given) (*Source, error) {
	id, secret := r.env(variableAccessKeyID), r.env(variableSecretAccessKey)
	s := &Source{Kind: Environment, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}
	switch {
	case id.isSet() && secret.isSet():
		s.Keys = r.environmentKeys(id, secret)
	case id.isSet() || secret.isSet():
		s.Unavailable = halfPair(firstSet(id, secret), id, secret).In(by.profile)
	default:
		s.Unavailable = by.wrong(fault.NoCredentials, "finds no %s in the environment", variableAccessKeyID).
			Fix("set %s and %s", variableAccessKeyID, variableSecretAccessKey)
	}
	return s, nil
}

func (r *resolver) environmentKeys(id, secret given) creds.Credentials {
	keys := creds.Credentials{
		AccessKeyID:     id.Text,
		SecretAccessKey: creds.Secret(secret.Text),
		SessionToken:    creds.Secret(r.env("AWS_SESSION_TOKEN").Text),
	}
	if account := r.env("AWS_ACCOUNT_ID").Text; isAccount(account) {
		keys.AccountID = account
	}
	if at, err := time.Parse(time.RFC3339, r.env("AWS_CREDENTIAL_EXPIRATION").Text); err == nil && keys.Temporary() {
		keys.Expiration = at.UTC()
	}
	return keys
}

func (r *resolver) instanceSource(by given) (*Source, error) {
	return &Source{Kind: EC2, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}, nil
}

func (r *resolver) containerSource(by given) (*Source, error) {
	s := &Source{Kind: Container, Profile: by.profile, Origin: by.Origin, Settings: asSettings(by)}
	if !r.env(variableContainerPath).isSet() && !r.env(variableContainerURL).isSet() {
		s.Unavailable = by.wrong(fault.NoCredentials, "finds neither %s nor %s in the environment", variableContainerPath, variableContainerURL).
			Fix("run it in a container that has a role")
	}
	return s, nil
}

// asSettings returns the setting that asked for a source as the source's own.
func asSettings(by given) map[string]Value {
	if !by.isSet() {
		return nil
	}
	return map[string]Value{by.name: by.Value}
}
