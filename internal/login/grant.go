package login

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"

	"assume-role/internal/profile"
)

// Grant is the session that a sign-in began. Nobody has it until Session.Keep
// puts it into its file.
type Grant struct {
	// Identity is the ARN of who signed in: what login_session has to say.
	Identity string
	record   *record
}

// grant is the AWS CLI's file of a new session.
func (s *SignIn) grant(a *attempt, got answer) (*Grant, error) {
	identity, err := subject(got.IDToken)
	if err != nil {
		return nil, err
	}
	key, err := keyText(a.key)
	if err != nil {
		return nil, err
	}
	began := &record{whole: object{}, token: object{}}
	began.token.put(accountID, profile.AccountOf(identity))
	for name, text := range map[string]string{"tokenType": got.TokenType, clientID: a.client, "idToken": got.IDToken, dpopKey: key} {
		began.whole.put(name, text)
	}
	r, err := began.with(got, s.Now())
	return &Grant{Identity: identity, record: r}, err
}

// keyText is the form that parseKey reads: PEM of SEC 1 (RFC 5915).
func keyText(key *ecdsa.PrivateKey) (string, error) {
	der, err := x509.MarshalECPrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})), err
}

// errSubject tells nothing of the token.
var errSubject = errors.New("the answer does not say who signed in")

// subject is the ARN in an id token. Its signature is not looked at: the token
// comes from AWS itself, over TLS (OpenID Connect Core, section 3.1.3.7).
func subject(token string) (string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", errSubject
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	var claims struct {
		Subject string `json:"sub"`
	}
	if err != nil || json.Unmarshal(text, &claims) != nil || !isIdentity(claims.Subject) {
		return "", errSubject
	}
	return claims.Subject, nil
}

// longestIdentity is far above any ARN of IAM or STS, in bytes.
const longestIdentity = 2048

// isIdentity holds a text to an ARN with an account, of characters that a
// config file can carry.
func isIdentity(text string) bool {
	odd := func(r rune) bool { return r <= ' ' || r > '~' || r == '#' || r == ';' }
	return len(text) <= longestIdentity && !strings.ContainsFunc(text, odd) && profile.AccountOf(text) != ""
}
