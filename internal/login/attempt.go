package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"unicode"

	"assume-role/internal/creds"
)

// The client ids of the development tools: with the browser on this machine,
// and on another one.
const (
	sameDevice  = "arn:aws:signin:::devtools/same-device"
	crossDevice = "arn:aws:signin:::devtools/cross-device"
)

const (
	// longestCode is AWS's limit (CreateOAuth2Token), in bytes.
	longestCode = 512
	// longestPaste is far above what the page shows, in bytes.
	longestPaste = 4096
)

// attempt is what one sign-in is held together by: the state comes back with
// the code, the verifier redeems it (RFC 7636), and all that comes of it is
// bound to the key.
type attempt struct {
	client, redirect string
	state, verifier  creds.Secret
	key              *ecdsa.PrivateKey
}

func begin(client, redirect string, state creds.Secret) (*attempt, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return &attempt{client: client, redirect: redirect, state: state, verifier: creds.Secret(random(48)), key: key}, err
}

// random is so many random bytes as text.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails
	return base64url(b)
}

// address is the page to open. AWS calls the method of the challenge SHA-256,
// and not S256 as RFC 7636 does.
func (a *attempt) address(endpoint string) string {
	sum := sha256.Sum256([]byte(a.verifier.Reveal()))
	return strings.TrimSuffix(endpoint, "/") + "/v1/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {a.client}, "state": {a.state.Reveal()}, "scope": {"openid"},
		"redirect_uri": {a.redirect}, "code_challenge_method": {"SHA-256"}, "code_challenge": {base64url(sum[:])},
	}.Encode()
}

// What a pasted text can be instead of the page's. None quotes it.
var (
	errPaste = errors.New("that is not the text which the page shows")
	errState = errors.New("that is the text of another sign-in")
)

// pasted takes the code out of the page's text: the base64 form of
// state=…&code=….
func (a *attempt) pasted(text creds.Secret) (creds.Secret, error) {
	trimmed := strings.TrimSpace(text.Reveal())
	plain, err := base64.StdEncoding.Strict().DecodeString(trimmed)
	if err != nil || len(trimmed) > longestPaste {
		return "", errPaste
	}
	q, err := url.ParseQuery(string(plain))
	if err != nil || len(q["state"]) != 1 || len(q["code"]) != 1 {
		return "", errPaste
	}
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(a.state.Reveal())) != 1 {
		return "", errState
	}
	code := q.Get("code")
	if code == "" || len(code) > longestCode || strings.ContainsFunc(code, unicode.IsControl) {
		return "", errPaste
	}
	return creds.Secret(code), nil
}
