package request

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"assume-role/internal/creds"
)

// at is a signer at a moment.
func at(scope Scope, id, secret, token, stamp string) Signer {
	moment, err := time.Parse("20060102T150405Z", stamp)
	if err != nil {
		panic(err)
	}
	return Signer{Scope: scope, Credentials: creds.Credentials{AccessKeyID: id, SecretAccessKey: creds.Secret(secret), SessionToken: creds.Secret(token)}, Now: func() time.Time { return moment }}
}

// ofAWS signs as the examples of the S3 documentation do.
func ofAWS() Signer {
	return at(Scope{"s3", "us-east-1"}, "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", "20130524T000000Z")
}

func message(t *testing.T, method, address string, body Body, headers ...string) Message {
	t.Helper()
	u, err := ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	h, err := ParseHeaders(headers)
	if err != nil {
		t.Fatal(err)
	}
	return Message{method, u, h, body}
}

func signedHTTP(t *testing.T, s Signer, m Message) *http.Request {
	t.Helper()
	r, err := m.HTTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Sign(t.Context(), r, m.Body.SHA256); err != nil {
		t.Fatal(err)
	}
	return r
}

// The examples of
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
// and sigv4-query-string-auth.html.
func TestPublishedSignatures(t *testing.T) {
	t.Parallel()
	const host = "https://examplebucket.s3.amazonaws.com"
	for name, tc := range map[string]struct {
		m    Message
		want string
	}{
		"GET object":    {message(t, "GET", host+"/test.txt", Bytes(nil), "Range: bytes=0-9"), "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
		"PUT object":    {message(t, "PUT", host+"/test$file.text", Bytes([]byte("Welcome to Amazon S3.")), "Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY"), "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
		"GET lifecycle": {message(t, "GET", host+"/?lifecycle", Bytes(nil)), "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
		"list objects":  {message(t, "GET", host+"/?max-keys=2&prefix=J", Bytes(nil)), "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
	} {
		got := signedHTTP(t, ofAWS(), tc.m).Header.Get("Authorization")
		if !strings.HasSuffix(got, "Signature="+tc.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
	r, err := message(t, "GET", host+"/test.txt", Bytes(nil)).HTTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	address, send, err := ofAWS().Presign(t.Context(), r, 24*time.Hour)
	if err != nil || len(send) != 0 || !strings.HasSuffix(address.Reveal(), "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404") {
		t.Errorf("presigned: %s %v %v", address.Reveal(), send, err)
	}
}

// The token is in the header or in the query, never in both, and always signed;
// what goes on the wire keeps its length and the order of its query.
func TestWhereTheTokenIs(t *testing.T) {
	t.Parallel()
	s := at(Scope{"execute-api", "eu-west-1"}, "ASIA", "secret", "tok/en+", "20260102T030405Z")
	m := message(t, "POST", "https://h.example/?b=2&a=1", Bytes([]byte("abc")), "X-Amz-Target: T")
	r := signedHTTP(t, s, m)
	if r.Header.Get("X-Amz-Security-Token") != "tok/en+" || r.URL.RawQuery != "b=2&a=1" || r.ContentLength != 3 {
		t.Errorf("%v %s %d", r.Header, r.URL, r.ContentLength)
	}
	if got := r.Header.Get("Authorization"); !strings.Contains(got, "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target,") {
		t.Error(got)
	}
	r, err := m.HTTP(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/plain")
	address, send, err := s.Presign(t.Context(), r, 90*time.Second)
	u, _ := url.Parse(address.Reveal())
	q := u.Query()
	if err != nil || q.Get("X-Amz-Security-Token") != "tok/en+" || q.Get("X-Amz-Expires") != "90" || q.Get("b") != "2" || q.Get("X-Amz-SignedHeaders") != "content-length;content-type;host" {
		t.Errorf("%s, %v", address.Reveal(), err)
	}
	if len(send) != 2 || send.Get("Content-Type") != "text/plain" || r.Header.Get("X-Amz-Security-Token") != "" || r.URL.RawQuery != "b=2&a=1" {
		t.Errorf("%v %v", send, r.URL)
	}
}

func TestClusterToken(t *testing.T) {
	t.Parallel()
	s := at(Scope{"sts", "eu-west-1"}, "ASIA", "secret", "token", "20260102T030405Z")
	token, err := s.ClusterToken(context.Background(), "https://sts.eu-west-1.amazonaws.com", "blue")
	text, ok := strings.CutPrefix(token.Reveal(), "k8s-aws-v1.")
	address, bad := base64.RawURLEncoding.DecodeString(text)
	if err != nil || bad != nil || !ok {
		t.Fatalf("%s: %v, %v", token.Reveal(), err, bad)
	}
	want := "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
		"&X-Amz-Credential=ASIA%2F20260102%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60" +
		"&X-Amz-Security-Token=token&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Signature="
	if !strings.HasPrefix(string(address), want) {
		t.Errorf("%s", address)
	}
	other, _ := s.ClusterToken(context.Background(), "https://sts.eu-west-1.amazonaws.com", "green")
	if other == token {
		t.Error("two clusters have one token")
	}
	if _, err := s.ClusterToken(context.Background(), "no address", "blue"); err == nil {
		t.Error("no address will do")
	}
}
