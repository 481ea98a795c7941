// Package console makes the link that signs a browser in to the AWS console
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html).
package console

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

const (
	// MinDuration is the shortest SessionDuration: how long a sign-in at the
	// console lasts.
	MinDuration = 15 * time.Minute
	// MaxDuration is the longest one.
	MaxDuration = 12 * time.Hour
	// LinkLife is how long a link signs in whoever opens it.
	LinkLife = 15 * time.Minute
)

// Site is where one partition signs in to its console, and where that is.
type Site struct {
	// Partition is the name in ARNs.
	Partition string
	// SignIn is the address that the federation endpoint's path is added to,
	// and SignOut that of the page that ends a session: https://HOST.
	SignIn, SignOut string
	// Console is the domain of the console's pages.
	Console string
}

// sites are the consoles that AWS documents an endpoint for
// (https://docs.aws.amazon.com/general/latest/gr/signin-service.html).
func sites() [4]Site {
	return [...]Site{
		{"aws", "https://signin.aws.amazon.com", "https://us-east-1.signin.aws.amazon.com", "console.aws.amazon.com"},
		{"aws-cn", "https://signin.amazonaws.cn", "https://signin.amazonaws.cn", "console.amazonaws.cn"},
		{"aws-us-gov", "https://signin.amazonaws-us-gov.com", "https://signin.amazonaws-us-gov.com", "console.amazonaws-us-gov.com"},
		{"aws-eusc", "https://signin.amazonaws-eusc.eu", "https://signin.amazonaws-eusc.eu", "console.amazonaws-eusc.eu"},
	}
}

// SiteOf returns the console of a partition. The error is a *fault.Error.
func SiteOf(partition string) (Site, error) {
	var known []string
	for _, s := range sites() {
		if s.Partition == partition {
			return s, nil
		}
		known = append(known, s.Partition)
	}
	return Site{}, fault.New(fault.InvalidValue, "AWS documents no sign-in to the console for the partition %q", partition).
		Fix("the partitions that have one: %s", strings.Join(known, ", "))
}

// At is the site with its sign-in at another address, https://HOST: a test's, or
// a private one's. Its pages stay AWS's.
func (s Site) At(address string) Site {
	s.SignIn = strings.TrimRight(address, "/")
	s.SignOut = s.SignIn
	return s
}

// Federation is the address of the federation endpoint.
func (s Site) Federation() string { return s.SignIn + "/federation" }

// TokenRequest asks the federation endpoint for a token that stands for
// credentials in a link.
type TokenRequest struct {
	// Credentials are a role's or a federated user's.
	Credentials creds.Credentials
	// Duration is how long the sign-in lasts; 0 for as long as the credentials
	// do. AWS takes it with the credentials of a role that was not assumed from
	// a session only.
	Duration time.Duration
}

// Form is the request's body. It holds the credentials.
func (r TokenRequest) Form() url.Values {
	session, _ := json.Marshal(map[string]string{ // strings only: cannot fail
		"sessionId":    r.Credentials.AccessKeyID,
		"sessionKey":   r.Credentials.SecretAccessKey.Reveal(),
		"sessionToken": r.Credentials.SessionToken.Reveal(),
	})
	form := url.Values{"Action": {"getSigninToken"}, "Session": {string(session)}}
	if r.Duration > 0 {
		form.Set("SessionDuration", strconv.Itoa(int(r.Duration.Seconds())))
	}
	return form
}

// Link is the address that signs a browser in and shows it the destination. It
// is a secret: whoever opens it is signed in. Issuer, a page to go to when the
// session has ended, is optional, and there is none.
func (s Site) Link(token creds.Secret, destination string) creds.Secret {
	q := url.Values{"Action": {"login"}, "Destination": {destination}, "SigninToken": {token.Reveal()}}
	return creds.Secret(s.Federation() + "?" + q.Encode())
}

// SignOutFirst is a link that ends the browser's session before it goes on to
// another link of the site.
func (s Site) SignOutFirst(link creds.Secret) creds.Secret {
	q := url.Values{"Action": {"logout"}, "redirect_uri": {link.Reveal()}}
	return creds.Secret(s.SignOut + "/oauth?" + q.Encode())
}
