package awsfake_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

const signedIn = "arn:aws:sts::123456789012:assumed-role/Admin/alice"

// loginFile is what `aws login` leaves.
type loginFile struct {
	AccessToken  map[string]string `json:"accessToken"`
	TokenType    string            `json:"tokenType"`
	ClientID     string            `json:"clientId"`
	RefreshToken string            `json:"refreshToken"`
	IDToken      string            `json:"idToken"`
	Key          string            `json:"dpopKey"`
}

// refreshRequest is a request for a refresh that is right, for a test to spoil.
type refreshRequest struct {
	method, path, kind string
	header, claims     map[string]any
	key                *ecdsa.PrivateKey
	body               map[string]string
	proofs             int
	mend               func(proof string) string
}

func newRefreshRequest(t *testing.T, f *awsfake.Fake, file loginFile) *refreshRequest {
	t.Helper()
	block, rest := pem.Decode([]byte(file.Key))
	if block == nil || len(rest) > 0 || block.Type != "EC PRIVATE KEY" {
		t.Fatalf("no SEC 1 key in PEM: %s", file.Key)
	}
	key, err := x509.ParseECPrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return &refreshRequest{
		method: "POST", path: "/v1/token", kind: "application/json", key: key, proofs: 1,
		header: map[string]any{"typ": "dpop+jwt", "alg": "ES256", "jwk": map[string]any{
			"kty": "EC", "crv": "P-256", "x": unpadded(point[1:33]), "y": unpadded(point[33:]),
		}},
		claims: map[string]any{"jti": randomID(), "htm": "POST", "htu": f.URL() + "/v1/token", "iat": f.Now().Unix()},
		body:   map[string]string{"clientId": file.ClientID, "grantType": "refresh_token", "refreshToken": file.RefreshToken},
		mend:   func(proof string) string { return proof },
	}
}

func unpadded(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func randomID() string { return rand.Text() }

func (r *refreshRequest) jwk() map[string]any { return r.header["jwk"].(map[string]any) }

// proof signs the header and the claims.
func (r *refreshRequest) proof(t *testing.T) string {
	t.Helper()
	header, err := json.Marshal(r.header)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := json.Marshal(r.claims)
	if err != nil {
		t.Fatal(err)
	}
	text := unpadded(header) + "." + unpadded(claims)
	sum := sha256.Sum256([]byte(text))
	first, second, err := ecdsa.Sign(rand.Reader, r.key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	signature := append(first.FillBytes(make([]byte, 32)), second.FillBytes(make([]byte, 32))...)
	return r.mend(text + "." + unpadded(signature))
}

// send makes the request.
func (r *refreshRequest) send(t *testing.T, f *awsfake.Fake) (status int, answer map[string]any) {
	t.Helper()
	body, err := json.Marshal(r.body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(r.method, f.URL()+r.path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", r.kind)
	for range r.proofs {
		request.Header.Add("DPoP", r.proof(t))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if kind := response.Header.Get("X-Amzn-Errortype"); kind != "" {
		answer["kind"] = kind
	}
	return response.StatusCode, answer
}

func signInAs(t *testing.T, f *awsfake.Fake, arn string) loginFile {
	t.Helper()
	var file loginFile
	if err := json.Unmarshal(f.AddLogin(arn), &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestSignInRefreshes: new credentials that STS takes, a new refresh token, and
// no id token.
func TestSignInRefreshes(t *testing.T) {
	t.Parallel()
	f := start(t)
	file := signInAs(t, f, signedIn)
	if file.TokenType != "aws_sigv4" || file.IDToken == "" || file.AccessToken["accountId"] != "123456789012" {
		t.Errorf("%+v", file)
	}
	status, answer := newRefreshRequest(t, f, file).send(t, f)
	if status != 200 || answer["tokenType"] != "aws_sigv4" || answer["expiresIn"] != 900.0 || answer["idToken"] != nil || len(answer) != 4 {
		t.Fatalf("%d %v", status, answer)
	}
	token := answer["accessToken"].(map[string]any)
	k := keys{token["accessKeyId"].(string), token["secretAccessKey"].(string), token["sessionToken"].(string)}
	got, err := client(f, k).GetCallerIdentity(t.Context(), nil)
	if err != nil || *got.Arn != signedIn {
		t.Errorf("%v: %+v", err, got)
	}
	f.Advance(16 * time.Minute)
	if _, err := client(f, k).GetCallerIdentity(t.Context(), nil); err == nil {
		t.Error("the credentials last longer than 15 minutes")
	}
	next := file
	next.RefreshToken = answer["refreshToken"].(string)
	if status, answer := newRefreshRequest(t, f, next).send(t, f); status != 200 {
		t.Errorf("the next refresh token: %d %v", status, answer)
	}
	if status, answer := newRefreshRequest(t, f, next).send(t, f); status != 401 || answer["error"] != "TOKEN_EXPIRED" {
		t.Errorf("a refresh token was good for two: %d %v", status, answer)
	}
	for _, secret := range []string{file.RefreshToken, next.RefreshToken, file.IDToken, k.secret, strings.Split(file.Key, "\n")[1]} {
		if !strings.Contains(strings.Join(f.Secrets(), " "), secret) {
			t.Error("a secret is not among the secrets")
		}
	}
}

// TestSignInIsStrict: one thing is wrong at a time. None of it uses the refresh
// token up.
func TestSignInIsStrict(t *testing.T) {
	t.Parallel()
	f := start(t)
	file := signInAs(t, f, signedIn)
	other := newRefreshRequest(t, f, signInAs(t, f, signedIn))
	for name, spoil := range map[string]func(*refreshRequest){
		"no proof":          func(r *refreshRequest) { r.proofs = 0 },
		"two proofs":        func(r *refreshRequest) { r.proofs = 2 },
		"padding":           func(r *refreshRequest) { r.mend = func(p string) string { return p + "=" } },
		"two parts":         func(r *refreshRequest) { r.mend = func(p string) string { return p[:strings.LastIndex(p, ".")] } },
		"no JSON":           func(r *refreshRequest) { r.mend = func(p string) string { return "AAAA" + p } },
		"another signature": func(r *refreshRequest) { r.key = other.key },
		"another key":       func(r *refreshRequest) { r.key, r.header = other.key, other.header },
		"another method":    func(r *refreshRequest) { r.claims["htm"] = "GET" },
		"another address":   func(r *refreshRequest) { r.claims["htu"] = f.URL() + "/v1/token?x" },
		"an old proof":      func(r *refreshRequest) { r.claims["iat"] = f.Now().Unix() - 301 },
		"a future proof":    func(r *refreshRequest) { r.claims["iat"] = f.Now().Unix() + 302 },
		"no jti":            func(r *refreshRequest) { delete(r.claims, "jti") },
		"typ":               func(r *refreshRequest) { r.header["typ"] = "JWT" },
		"alg":               func(r *refreshRequest) { r.header["alg"] = "none" },
		"crv":               func(r *refreshRequest) { r.jwk()["crv"] = "P-384" },
		"kty":               func(r *refreshRequest) { delete(r.jwk(), "kty") },
		"the private key":   func(r *refreshRequest) { r.jwk()["d"] = "AAAA" },
		"a short x":         func(r *refreshRequest) { r.jwk()["x"] = unpadded(make([]byte, 31)) },
		"no point":          func(r *refreshRequest) { r.jwk()["x"] = unpadded(make([]byte, 32)) },
		"client":            func(r *refreshRequest) { r.body["clientId"] = "arn:aws:signin:::devtools/console" },
		"another client":    func(r *refreshRequest) { r.body["clientId"] = "arn:aws:signin:::devtools/cross-device" },
		"grant":             func(r *refreshRequest) { r.body["grantType"] = "authorization_code" },
		"snake case": func(r *refreshRequest) {
			r.body["refresh_token"] = r.body["refreshToken"]
			delete(r.body, "refreshToken")
		},
		"a form": func(r *refreshRequest) { r.kind = "application/x-www-form-urlencoded" },
	} {
		r := newRefreshRequest(t, f, file)
		r.header = maps.Clone(r.header)
		spoil(r)
		if status, answer := r.send(t, f); status != 400 || answer["error"] != "INVALID_REQUEST" || answer["kind"] != "ValidationException" {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	for name, spoil := range map[string]func(*refreshRequest){
		"GET":           func(r *refreshRequest) { r.method, r.claims["htm"] = "PUT", "PUT" },
		"unknown token": func(r *refreshRequest) { r.body["refreshToken"] = "x" },
	} {
		r := newRefreshRequest(t, f, file)
		spoil(r)
		if status, answer := r.send(t, f); status < 401 {
			t.Errorf("%s: %d %v", name, status, answer)
		}
	}
	if status, answer := newRefreshRequest(t, f, file).send(t, f); status != 200 {
		t.Errorf("in the end: %d %v", status, answer)
	}
}

// TestProofIsGoodOnce: the same header again is refused, with a token that is
// good, too.
func TestProofIsGoodOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	file := signInAs(t, f, signedIn)
	r := newRefreshRequest(t, f, file)
	status, answer := r.send(t, f)
	if status != 200 {
		t.Fatalf("%d %v", status, answer)
	}
	r.body["refreshToken"] = answer["refreshToken"].(string)
	if status, answer := r.send(t, f); status != 400 || answer["message"] != "jti is missing or was used before." {
		t.Errorf("%d %v", status, answer)
	}
}

func TestEndLogin(t *testing.T) {
	t.Parallel()
	f := start(t)
	file := signInAs(t, f, signedIn)
	for reason, want := range map[string]int{"TOKEN_EXPIRED": 401, "USER_CREDENTIALS_CHANGED": 403, "INSUFFICIENT_PERMISSIONS": 403} {
		f.EndLogin(signedIn, reason)
		status, answer := newRefreshRequest(t, f, file).send(t, f)
		if status != want || answer["error"] != reason || answer["kind"] != "AccessDeniedException" {
			t.Errorf("%d %v", status, answer)
		}
	}
	fresh := signInAs(t, f, signedIn)
	f.Advance(12 * time.Hour)
	if status, answer := newRefreshRequest(t, f, fresh).send(t, f); status != 401 || answer["error"] != "TOKEN_EXPIRED" {
		t.Errorf("after twelve hours: %d %v", status, answer)
	}
	panics(t, func() { f.EndLogin(signedIn, "BORED") })
	panics(t, func() { f.AddLogin("alice") })
	panics(t, func() { f.AddLogin("arn:aws:iam::123456789012:role/Admin") })
}

func panics(t *testing.T, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	do()
}

// TestWhoSignedIn: a sign-in acts as what it is of: root assumes no role, a
// user and a role's session do for an hour.
func TestWhoSignedIn(t *testing.T) {
	t.Parallel()
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "plain", MaxDuration: 12 * time.Hour})
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:user/team/bob": "",
		signedIn:                            "",
		"arn:aws:iam::123456789012:root":    "Roles may not be assumed by root accounts.",
		"arn:aws:sts::123456789012:other/x": "no sign-in",
	} {
		if want == "no sign-in" {
			panics(t, func() { f.AddLogin(arn) })
			continue
		}
		file := signInAs(t, f, arn)
		k := keys{file.AccessToken["accessKeyId"], file.AccessToken["secretAccessKey"], file.AccessToken["sessionToken"]}
		if err := assumeWith(t, f, k, role, 3600); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", arn, err)
		}
		if err := assumeWith(t, f, k, role, 3601); err == nil {
			t.Errorf("%s: more than an hour", arn)
		}
	}
}

func assumeWith(t *testing.T, f *awsfake.Fake, k keys, role string, seconds int32) error {
	t.Helper()
	_, err := client(f, k).AssumeRole(t.Context(), &sts.AssumeRoleInput{
		RoleArn: aws.String(role), RoleSessionName: aws.String("alice"), DurationSeconds: aws.Int32(seconds),
	})
	return err
}
