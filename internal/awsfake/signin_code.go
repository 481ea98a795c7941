package awsfake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// loginCode is an authorization code of `aws login`, good for one exchange.
type loginCode struct {
	arn     string
	asked   url.Values
	expires time.Time
}

func (w *world) newLoginCode(arn string, asked url.Values) string {
	code := w.secret(100)
	w.console.codes[code] = &loginCode{arn: arn, asked: asked, expires: w.clock.now().Add(codeLifetime)}
	return code
}

// RefuseLogin makes AWS give an identity no session, for a reason in OAuth's
// words: INSUFFICIENT_PERMISSIONS (it lacks the policy
// SignInLocalDevelopmentAccess) or USER_CREDENTIALS_CHANGED; another one
// panics.
func (f *Fake) RefuseLogin(arn, reason string) {
	if reason != "INSUFFICIENT_PERMISSIONS" && reason != "USER_CREDENTIALS_CHANGED" {
		panic(fmt.Sprintf("awsfake: Sign-In refuses no one for %q", reason))
	}
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.console.barred[arn] = reason
}

// exchange begins a session for a code, which any attempt uses up, for whoever
// knows what its challenge hides. The session is bound to the proof's key.
func (s *signin) exchange(asked loginRequest, thumbprint string) (loginAnswer, error) {
	code := s.world.console.codes[asked.code]
	delete(s.world.console.codes, asked.code)
	if code == nil || !s.world.clock.now().Before(code.expires) {
		return loginAnswer{}, deniedLogin("AUTHCODE_EXPIRED")
	}
	switch reason := s.world.console.barred[code.arn]; {
	case code.asked.Get("client_id") != asked.clientID:
		return loginAnswer{}, invalidLogin("The code was issued to another client.")
	case code.asked.Get("redirect_uri") != asked.redirectURI:
		return loginAnswer{}, invalidLogin("redirectUri is not that of the authorization.")
	case !hides(code.asked.Get("code_challenge"), asked.codeVerifier):
		return loginAnswer{}, invalidLogin("codeVerifier is not what the code challenge was made of.")
	case reason != "":
		return loginAnswer{}, deniedLogin(reason)
	}
	session := &loginSession{
		who: s.world.signedIn(code.arn), clientID: asked.clientID,
		thumbprint: thumbprint, began: s.world.clock.now(),
	}
	got := s.tokens(session)
	got.IDToken = s.world.idToken(code.arn, asked.clientID)
	return got, nil
}

// hides holds a verifier to its form (RFC 7636, section 4.1) and to its hash.
func hides(challenge, verifier string) bool {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	sum := sha256.Sum256([]byte(verifier))
	return len(verifier) >= 43 && len(verifier) <= 128 && strings.Trim(verifier, unreserved) == "" &&
		challenge == base64.RawURLEncoding.EncodeToString(sum[:])
}

// idToken says who signed in. Its signature is nobody's: programs do not check
// it, since it comes from AWS itself over TLS (OpenID Connect Core, 3.1.3.7).
func (w *world) idToken(arn, client string) string {
	part := func(claims map[string]any) string {
		text, _ := json.Marshal(claims) // strings and numbers only
		return base64.RawURLEncoding.EncodeToString(text)
	}
	now := w.clock.now()
	token := part(map[string]any{"alg": "RS256", "typ": "JWT"}) + "." + part(map[string]any{
		"sub": arn, "aud": client, "iss": "https://signin.aws.amazon.com", "iat": now.Unix(), "exp": now.Add(loginMax).Unix(),
	}) + "." + base64.RawURLEncoding.EncodeToString([]byte(w.secret(256)))
	w.secrets = append(w.secrets, token)
	return token
}
