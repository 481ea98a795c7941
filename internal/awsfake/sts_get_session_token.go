package awsfake

import "time"

const (
	// maxTokenSeconds and tokenSeconds are the limit and the default of
	// GetSessionToken and GetFederationToken: 36 and 12 hours.
	maxTokenSeconds = 129600
	tokenSeconds    = 43200
	// rootMax cuts the sessions of the root user without a word.
	rootMax = time.Hour
)

// sessionToken is GetSessionToken's result.
type sessionToken struct{ Credentials credentialsXML }

// tokenLifetime reads DurationSeconds of the calls that long-lived keys make.
func (c *stsCall) tokenLifetime() time.Duration {
	d := c.seconds(900, maxTokenSeconds, tokenSeconds)
	if c.caller.root() {
		return min(d, rootMax)
	}
	return d
}

// longLivedOnly refuses a caller whose credentials are temporary.
func (c *stsCall) longLivedOnly() error {
	if c.caller.temporary() {
		return accessDenied("Cannot call %s with session credentials", c.action)
	}
	return nil
}

// getSessionToken is
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html.
func (c *stsCall) getSessionToken() (any, error) {
	lifetime, code := c.tokenLifetime(), c.mfaCode()
	if err := c.err(); err != nil {
		return nil, err
	}
	if err := c.longLivedOnly(); err != nil {
		return nil, err
	}
	mfa, err := c.present(code)
	if err != nil {
		return nil, err
	}
	session := *c.caller
	session.mfa = mfa
	session.kind = userSession
	if c.caller.root() {
		session.kind = rootSession
	}
	return sessionToken{newCredentialsXML(c.issue(session, lifetime))}, nil
}
