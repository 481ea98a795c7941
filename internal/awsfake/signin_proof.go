package awsfake

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// proofAge is how far a proof's time may be from AWS's.
const proofAge = 5 * time.Minute

// dpop is a DPoP proof, taken apart (RFC 9449, section 4.2).
type dpop struct {
	header struct {
		Type      string         `json:"typ"`
		Algorithm string         `json:"alg"`
		Key       map[string]any `json:"jwk"`
	}
	claims struct {
		ID       string `json:"jti"`
		Method   string `json:"htm"`
		URL      string `json:"htu"`
		IssuedAt int64  `json:"iat"`
	}
	signed, signature []byte
}

// proven checks a request's DPoP proof as RFC 9449, section 4.3, has it, and
// returns the thumbprint of its key. A proof is good for one request.
func (w *world) proven(r *request) (thumbprint string, err error) {
	headers := r.Header.Values("DPoP")
	if len(headers) != 1 {
		return "", invalidLogin("There must be one DPoP header.")
	}
	p, err := parseProof(headers[0])
	if err != nil {
		return "", err
	}
	x, y, err := p.key()
	if err != nil {
		return "", err
	}
	switch age := w.clock.now().Sub(time.Unix(p.claims.IssuedAt, 0)); {
	case !p.verified(x, y):
		return "", invalidLogin("The signature of the DPoP proof is wrong.")
	case p.claims.Method != r.Method:
		return "", invalidLogin("htm is not the request's method.")
	case p.claims.URL != "http://"+r.Host+r.URL.Path:
		return "", invalidLogin("htu is not the request's address.")
	case age.Abs() > proofAge:
		return "", invalidLogin("iat is too far from AWS's time.")
	case p.claims.ID == "" || w.proofs[p.claims.ID]:
		return "", invalidLogin("jti is missing or was used before.")
	}
	w.proofs[p.claims.ID] = true
	return keyThumbprint(x, y), nil
}

// parseProof takes a proof apart: three parts in base64url without padding.
func parseProof(text string) (dpop, error) {
	var p dpop
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return p, invalidLogin("The DPoP proof has not three parts.")
	}
	var plain [3][]byte
	for i, part := range parts {
		var err error
		if plain[i], err = base64.RawURLEncoding.Strict().DecodeString(part); err != nil {
			return p, invalidLogin("The DPoP proof is not base64url without padding.")
		}
	}
	if json.Unmarshal(plain[0], &p.header) != nil || json.Unmarshal(plain[1], &p.claims) != nil {
		return p, invalidLogin("The DPoP proof is not JSON.")
	}
	p.signed, p.signature = []byte(parts[0]+"."+parts[1]), plain[2]
	return p, nil
}

// key returns the coordinates of the proof's public key, 32 bytes each.
func (p dpop) key() (x, y []byte, err error) {
	jwk := p.header.Key
	if p.header.Type != "dpop+jwt" || p.header.Algorithm != "ES256" || len(jwk) != 4 || jwk["kty"] != "EC" || jwk["crv"] != "P-256" {
		return nil, nil, invalidLogin("The DPoP proof is not of an ES256 key, or shows more than the public one.")
	}
	coordinate := func(name string) []byte {
		text, _ := jwk[name].(string)
		number, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil || len(number) != 32 {
			return nil
		}
		return number
	}
	if x, y = coordinate("x"), coordinate("y"); x == nil || y == nil {
		return nil, nil, invalidLogin("The coordinates of the key have not 32 bytes each.")
	}
	if _, err := ecdh.P256().NewPublicKey(append(append([]byte{4}, x...), y...)); err != nil {
		return nil, nil, invalidLogin("The key is not a point of P-256.")
	}
	return x, y, nil
}

// verified checks the signature, r and s of 32 bytes each.
func (p dpop) verified(x, y []byte) bool {
	number := func(b []byte) *big.Int { return new(big.Int).SetBytes(b) }
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil || len(p.signature) != 64 {
		return false
	}
	sum := sha256.Sum256(p.signed)
	return ecdsa.Verify(key, sum[:], number(p.signature[:32]), number(p.signature[32:]))
}

// keyThumbprint is RFC 7638's: what a refresh token is bound to.
func keyThumbprint(x, y []byte) string {
	text := fmt.Sprintf(`{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}`,
		base64.RawURLEncoding.EncodeToString(x), base64.RawURLEncoding.EncodeToString(y))
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
