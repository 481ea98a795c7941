package output

import (
	"bytes"
	"slices"
	"time"

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
		{"Expiration", creds.Secret(timestamp(c.Expiration))},
		{"AccountId", creds.Secret(c.AccountID)},
	}
	return slices.DeleteFunc(all, func(m member) bool { return m.value == creds.Secret("") })
}

// timestamp writes a time as SDKs read an expiry: RFC 3339, UTC, whole
// seconds, never later than the time itself. A zero time is "".
func timestamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}
