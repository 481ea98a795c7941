// Package creds holds the one value that flows through the tool: AWS
// credentials that redact themselves wherever a program might print them.
//
// A secret leaves the package only through Secret.Reveal, so that
// "grep Reveal" lists every place where one is handed over.
package creds

import "time"

// Credentials are what AWS calls security credentials: an access key id, its
// secret and, for temporary ones, a session token with an expiry.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_use-resources.html.
type Credentials struct {
	// AccessKeyID is not a secret; AKIA… is long-lived, ASIA… temporary.
	AccessKeyID string
	// SecretAccessKey signs requests.
	SecretAccessKey Secret
	// SessionToken accompanies every call made with temporary credentials;
	// empty for long-lived ones.
	SessionToken Secret
	// Expiration is when AWS stops accepting them, in UTC; zero means never.
	Expiration time.Time
	// AccountID is the twelve digits of the owning account, empty if unknown.
	AccountID string
	// ARN is the identity that AWS named for them, empty if unknown.
	ARN string
}

// Temporary reports whether the credentials carry a session token.
func (c Credentials) Temporary() bool { return c.SessionToken != "" }

// ExpirationText is Expiration as SDKs read it in AWS_CREDENTIAL_EXPIRATION and
// in a credential_process's answer: RFC 3339, UTC, whole seconds, never later
// than the time itself. It is empty for credentials that do not expire.
func (c Credentials) ExpirationText() string {
	if c.Expiration.IsZero() {
		return ""
	}
	return c.Expiration.UTC().Truncate(time.Second).Format(time.RFC3339)
}

// Complete reports whether the credentials can sign a request.
func (c Credentials) Complete() bool {
	return c.AccessKeyID != "" && c.SecretAccessKey != ""
}
