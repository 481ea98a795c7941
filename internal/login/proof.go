package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"time"

	"assume-role/internal/creds"
)

// coordinate is the length of each number of a P-256 key or signature.
const coordinate = 32

// errKey tells nothing of the key.
var errKey = errors.New("its dpopKey is not a P-256 key")

// parseKey reads the key that the sign-in made: PEM of SEC 1 (RFC 5915).
func parseKey(text creds.Secret) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text.Reveal()))
	if block == nil {
		return nil, errKey
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil || key.Curve != elliptic.P256() {
		return nil, errKey
	}
	return key, nil
}

// proofHeader is the JOSE header of a proof.
type proofHeader struct {
	Type      string    `json:"typ"`
	Algorithm string    `json:"alg"`
	Key       publicKey `json:"jwk"`
}

// publicKey is a JSON Web Key (RFC 7518, 6.2.1): both coordinates are written
// whole, zeros in front.
type publicKey struct {
	Type  string `json:"kty"`
	Curve string `json:"crv"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// proofClaims say what the proof is for, and no second time.
type proofClaims struct {
	ID       string `json:"jti"`
	Method   string `json:"htm"`
	URL      string `json:"htu"`
	IssuedAt int64  `json:"iat"`
}

// proof makes the DPoP header of one request (RFC 9449, section 4.2): it shows
// that whoever sends a refresh token has the key that the token is bound to.
func proof(key *ecdsa.PrivateKey, method, url string, at time.Time) (creds.Secret, error) {
	public, err := publicOf(key)
	if err != nil {
		return "", err
	}
	header, err := part(proofHeader{Type: "dpop+jwt", Algorithm: "ES256", Key: public})
	if err != nil {
		return "", err
	}
	claims, err := part(proofClaims{ID: rand.Text(), Method: method, URL: url, IssuedAt: at.Unix()})
	if err != nil {
		return "", err
	}
	signature, err := sign(key, header+"."+claims)
	return creds.Secret(header + "." + claims + "." + signature), err
}

func publicOf(key *ecdsa.PrivateKey) (publicKey, error) {
	public, err := key.PublicKey.ECDH()
	if err != nil {
		return publicKey{}, errKey
	}
	point := public.Bytes()[1:] // SEC 1: 4, x, y
	return publicKey{Type: "EC", Curve: "P-256", X: base64url(point[:coordinate]), Y: base64url(point[coordinate:])}, nil
}

// sign makes an ES256 signature (RFC 7518, section 3.4): r and s, each whole.
func sign(key *ecdsa.PrivateKey, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", errKey
	}
	var both [2 * coordinate]byte
	r.FillBytes(both[:coordinate])
	s.FillBytes(both[coordinate:])
	return base64url(both[:]), nil
}

func part(v any) (string, error) {
	text, err := json.Marshal(v)
	return base64url(text), err
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
