package clicache

import "time"

// Token is an access token of IAM Identity Center in ~/.aws/sso/cache.
type Token struct {
	// Path is where it lies.
	Path string
	// Expires is when the portal stops accepting it; zero if unreadable.
	Expires time.Time
	// Renewable is until when the AWS CLI can get a new one without a person;
	// zero where it cannot.
	Renewable time.Time
}

// ListTokens returns the access tokens in dir in the order of their names, by
// the rule of `aws sso logout`: JSON objects with an accessToken. The client
// registrations that lie beside them have none, and stay.
func ListTokens(dir string) ([]Token, error) {
	var tokens []Token
	err := eachObject(dir, func(path string, o object) {
		if _, ok := o["accessToken"]; !ok {
			return
		}
		token := Token{Path: path, Expires: parseTime(o.text("expiresAt"))}
		if len(o["refreshToken"]) > len(`""`) { // a secret, and not decoded
			token.Renewable = parseTime(o.text("registrationExpiresAt"))
		}
		tokens = append(tokens, token)
	})
	return tokens, err
}

// Expired reports whether the token is of no more use at now. One that a
// refresh token renews is: whoever has it is still signed in.
func (t Token) Expired(now time.Time) bool {
	return !t.Expires.After(now) && !t.Renewable.After(now)
}

// RemoveToken deletes the file of a token, as Remove does that of a session.
func RemoveToken(t Token) error { return remove(t.Path) }
