package output

import (
	"bytes"
	"slices"

	"assume-role/internal/creds"
)

// process is what an SDK reads from a credential_process
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
func process() Format {
	const name = "process"
	return Format{name, "the JSON that SDKs read from a credential_process", false, func(text *bytes.Buffer, p Payload) error {
		return writeObject(text, name, processMembers(p.Credentials))
	}}
}

// processMembers leaves out what is empty: a missing Expiration tells an SDK
// that the credentials do not expire.
func processMembers(c creds.Credentials) []member {
	all := []member{
		{"Version", 1},
		{"AccessKeyId", creds.Secret(c.AccessKeyID)},
		{"SecretAccessKey", c.SecretAccessKey},
		{"SessionToken", c.SessionToken},
		{"Expiration", creds.Secret(c.ExpirationText())},
		{"AccountId", creds.Secret(c.AccountID)},
	}
	return slices.DeleteFunc(all, func(m member) bool { return m.value == creds.Secret("") })
}
