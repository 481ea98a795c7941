package assume

import (
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// metadataDocument are credentials as a container's endpoint and an instance's
// metadata write them.
type metadataDocument struct {
	// Code is Success, or why there are none, and Message says more: of an
	// instance only.
	Code, Message   string
	AccessKeyID     string `json:"AccessKeyId"`
	SecretAccessKey creds.Secret
	Token           creds.Secret
	Expiration      string
	// AccountID and RoleARN come from containers only, and not from all.
	AccountID string `json:"AccountId"`
	RoleARN   string `json:"RoleArn"`
}

// credentials checks a document; why says what is wrong with it and quotes
// nothing secret. Their expiry is AWS's: what has expired is not handed out.
func (d metadataDocument) credentials(now time.Time) (c creds.Credentials, why string) {
	for _, required := range []struct{ name, text string }{
		{"AccessKeyId", d.AccessKeyID}, {"SecretAccessKey", d.SecretAccessKey.Reveal()}, {"Token", d.Token.Reveal()}, {"Expiration", d.Expiration},
	} {
		switch {
		case required.text == "":
			return c, "no " + required.name
		case strings.ContainsFunc(required.text, func(c rune) bool { return c <= ' ' || c > '~' }):
			return c, "a malformed " + required.name
		}
	}
	expires, err := time.Parse(time.RFC3339, d.Expiration)
	switch {
	case err != nil:
		return c, "an Expiration that is no time"
	case !expires.After(now):
		return c, "credentials that expired at " + expires.UTC().Format(time.RFC3339)
	}
	return creds.Credentials{
		AccessKeyID: d.AccessKeyID, SecretAccessKey: d.SecretAccessKey, SessionToken: d.Token,
		Expiration: expires.UTC(), AccountID: d.account(),
	}, ""
}

// account is the role's, by its own member or by the role's ARN.
func (d metadataDocument) account() string {
	if len(d.AccountID) == 12 && strings.Trim(d.AccountID, "0123456789") == "" {
		return d.AccountID
	}
	return profile.AccountOf(d.RoleARN)
}
