package profile

import (
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// hasKeys reports whether the profile has static keys, or a part of a pair.
func hasKeys(m member) bool { return m.anyOf(keyAccessKeyID, keySecretAccessKey).isSet() }

// readStatic reads the access keys of the files. Half a pair is an error;
// the Go SDK and botocore refuse it, too.
func (r *resolver) readStatic(m member) (*Source, error) {
	id, secret, token := m.get(keyAccessKeyID), m.get(keySecretAccessKey), m.get(keySessionToken)
	if !id.isSet() || !secret.isSet() {
		return nil, halfPair(firstSet(id, secret, token), id, secret)
	}
	account := m.get(keyAccountID)
	if account.isSet() {
		if err := checkAccount(account); err != nil {
			return nil, err
		}
	}
	return &Source{Kind: Static, Profile: m.name, Origin: id.Origin, Keys: creds.Credentials{
		AccessKeyID:     id.Text,
		SecretAccessKey: creds.Secret(secret.Text),
		SessionToken:    creds.Secret(token.Text),
		AccountID:       account.Text,
	}}, nil
}

// halfPair is the error about keys of which one is missing.
func halfPair(there, id, secret given) *fault.Error {
	missing := id.name
	if id.isSet() {
		missing = secret.name
	}
	if !id.isSet() && !secret.isSet() {
		missing = id.name + " and " + secret.name
	}
	return there.wrong(fault.PartialCredentials, "stands without %s", missing).Fix("add what is missing, or remove it")
}

func (r *resolver) signOfStored(m member) given {
	_, ok := r.stored(m.name)
	if !ok {
		return given{}
	}
	return given{Value: Value{Text: m.name}, name: "the key store", profile: m.name}
}

// readStored makes a source of the key that the key store has under the
// profile's name; nil where it has none.
func (r *resolver) readStored(m member) (*Source, error) {
	id, ok := r.stored(m.name)
	if !ok {
		return nil, nil
	}
	return &Source{Kind: Keyring, Profile: m.name, Origin: m.origin(), Keys: creds.Credentials{AccessKeyID: id}}, nil
}
