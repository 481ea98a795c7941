package assume

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"assume-role/internal/creds"
)

// holder tells whose a token is, for a cache key: all that a JSON Web Token
// claims but what is new in every token of the same holder (RFC 7519, 4.1),
// so that a token may be renewed without a new session. What is no such token
// stands for itself. It is a hash, and nothing is verified: whoever can make
// up a token's claims to be given a session can read the cache as well.
func holder(token creds.Secret) string {
	text := strings.TrimRight(token.Reveal(), "\r\n")
	claims := claimsOf(text)
	for _, passing := range []string{"exp", "nbf", "iat", "jti"} {
		delete(claims, passing)
	}
	lasting, err := json.Marshal(claims)
	if err != nil || len(claims) == 0 {
		return cacheText(text)
	}
	return cacheText(string(lasting))
}

// claimsOf reads the middle one of a token's three parts; empty where it has
// none.
func claimsOf(token string) map[string]json.RawMessage {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims map[string]json.RawMessage
	if err != nil || json.Unmarshal(text, &claims) != nil {
		return nil
	}
	return claims
}
