package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
)

// keyOf is the key of a small number: the same one every time.
func keyOf(t *testing.T, n uint64) *ecdsa.PrivateKey {
	t.Helper()
	var raw [32]byte
	binary.BigEndian.PutUint64(raw[24:], n)
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// pemOf is a key as the AWS CLI writes it.
func pemOf(t *testing.T, key *ecdsa.PrivateKey) creds.Secret {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return creds.Secret(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// decoded is a part of a proof.
func decoded(t *testing.T, text string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return data
}

// verify checks a proof with nothing but what is in it, and returns its header
// and its claims.
func verify(t *testing.T, text creds.Secret) (header, claims map[string]any) {
	t.Helper()
	parts := strings.Split(text.Reveal(), ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, into := range []*map[string]any{&header, &claims} {
		if err := json.Unmarshal(decoded(t, parts[i]), into); err != nil {
			t.Fatal(err)
		}
	}
	jwk := header["jwk"].(map[string]any)
	x, y, signature := decoded(t, jwk["x"].(string)), decoded(t, jwk["y"].(string)), decoded(t, parts[2])
	if len(x) != 32 || len(y) != 32 || len(signature) != 64 {
		t.Fatalf("x, y and the signature have %d, %d and %d bytes", len(x), len(y), len(signature))
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Fatal("the signature is wrong")
	}
	return header, claims
}

func TestProof(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 999, time.UTC)
	const url = "https://eu-west-1.signin.aws.amazon.com/v1/token"
	text, err := proof(keyOf(t, 1), "POST", url, at)
	if err != nil {
		t.Fatal(err)
	}
	header, claims := verify(t, text)
	// The base point of P-256 (SEC 2, 2.4.2) is the public key of the number 1.
	want := map[string]any{"typ": "dpop+jwt", "alg": "ES256", "jwk": map[string]any{
		"kty": "EC", "crv": "P-256",
		"x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY", "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
	}}
	if d := cmp.Diff(want, header); d != "" {
		t.Error(d)
	}
	id, _ := claims["jti"].(string)
	if len(id) < 22 {
		t.Errorf("jti %q has less than 128 bits", id)
	}
	delete(claims, "jti")
	if d := cmp.Diff(map[string]any{"htm": "POST", "htu": url, "iat": float64(at.Unix())}, claims); d != "" {
		t.Error(d)
	}
	again, err := proof(keyOf(t, 1), "POST", url, at)
	if err != nil {
		t.Fatal(err)
	}
	if _, claims := verify(t, again); claims["jti"] == id {
		t.Error("two proofs have one jti")
	}
}

// TestNumbersAreWrittenWhole: one number in 256 begins with a zero byte, which
// an encoding of big numbers leaves out, and AWS then refuses.
func TestNumbersAreWrittenWhole(t *testing.T) {
	t.Parallel()
	at := time.Unix(1_900_000_000, 0)
	var shortX, shortY, shortR, shortS bool
	for n := uint64(1); !shortX || !shortY; n++ {
		point, err := keyOf(t, n).PublicKey.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if x, y := point[1] == 0, point[33] == 0; x || y {
			text, err := proof(keyOf(t, n), "POST", "https://x/", at)
			if err != nil {
				t.Fatal(err)
			}
			verify(t, text)
			shortX, shortY = shortX || x, shortY || y
		}
	}
	key := keyOf(t, 7)
	for !shortR || !shortS {
		text, err := proof(key, "POST", "https://x/", at)
		if err != nil {
			t.Fatal(err)
		}
		verify(t, text)
		signature := decoded(t, strings.Split(text.Reveal(), ".")[2])
		shortR, shortS = shortR || signature[0] == 0, shortS || signature[32] == 0
	}
}

func TestOnlyP256KeysAreTaken(t *testing.T) {
	t.Parallel()
	if key, err := parseKey(pemOf(t, keyOf(t, 5))); err != nil || !key.Equal(keyOf(t, 5)) {
		t.Errorf("a good key: %v", err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	modern, err := x509.MarshalPKCS8PrivateKey(keyOf(t, 5))
	if err != nil {
		t.Fatal(err)
	}
	good := pemOf(t, keyOf(t, 5)).Reveal()
	for name, text := range map[string]creds.Secret{
		"empty":     "",
		"no PEM":    "canary",
		"cut off":   creds.Secret(good[:len(good)-60]),
		"no key":    "-----BEGIN EC PRIVATE KEY-----\nY2FuYXJ5\n-----END EC PRIVATE KEY-----\n",
		"P-384":     pemOf(t, other),
		"no SEC 1":  creds.Secret(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: modern})),
		"one digit": creds.Secret(strings.Replace(good, "MHcCAQEE", "MHcCAQAE", 1)),
	} {
		key, err := parseKey(text)
		if err == nil || key != nil {
			t.Errorf("%s was taken for a key", name)
		} else if err.Error() != "its dpopKey is not a P-256 key" {
			t.Errorf("%s: the error tells of the key: %v", name, err)
		}
	}
}
