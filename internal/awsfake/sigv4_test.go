package awsfake_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

func TestKeysThatAreNotGood(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	session := a.session(t, false)
	other := a.session(t, false)
	inactive := longLived(a.AddKey("alice"))
	a.DeactivateKey(inactive.id)
	const invalid = "The security token included in the request is invalid."
	for name, tc := range map[string]struct {
		keys
		code, text string
	}{
		"unknown key":          {keys{id: "AKIAUNKNOWN", secret: a.secret}, "InvalidClientTokenId", invalid},
		"inactive key":         {inactive, "InvalidClientTokenId", invalid},
		"session, no token":    {keys{id: session.id, secret: session.secret}, "InvalidClientTokenId", invalid},
		"session, other token": {keys{session.id, session.secret, other.token}, "InvalidClientTokenId", invalid},
		"user key with token":  {keys{a.id, a.secret, session.token}, "InvalidClientTokenId", invalid},
		"wrong secret":         {keys{id: a.id, secret: a.secret + " "}, "SignatureDoesNotMatch", "The request signature we calculated does not match"},
		"wrong session secret": {keys{session.id, other.secret, session.token}, "SignatureDoesNotMatch", "The request signature we calculated"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(a.Fake, tc.keys).GetCallerIdentity(t.Context(), nil)
			refused(t, err, 403, tc.code, tc.text)
		})
	}
}

func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out := a.assume(t, a.keys, nil)
	k := temporary(out.Credentials)
	a.Advance(out.Credentials.Expiration.Sub(a.Now()) - 10*time.Second)
	identity(t, a.Fake, k)
	a.Advance(10 * time.Second)
	_, err := client(a.Fake, k).GetCallerIdentity(t.Context(), nil)
	refused(t, err, 403, "ExpiredToken", "The security token included in the request is expired")
	identity(t, a.Fake, a.keys)
}

func TestClockSkew(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 23, 58, 0, 0, time.UTC)
	f := start(t, awsfake.Options{Clock: func() time.Time { return now }})
	k := longLived(f.AddKey("alice"))
	at := func(d time.Duration) error {
		_, err := client(f, k, func(o *sts.Options) {
			o.HTTPSignerV4 = signer{func() time.Time { return now.Add(d) }}
		}).GetCallerIdentity(t.Context(), nil)
		return err
	}
	for _, d := range []time.Duration{-5 * time.Minute, 0, 5 * time.Minute} {
		if err := at(d); err != nil {
			t.Errorf("%v off: %v", d, err)
		}
	}
	refused(t, at(-301*time.Second), 403, "SignatureDoesNotMatch", "Signature expired: 20260102T235259Z is now earlier than 20260102T235300Z (20260102T235800Z - 5 min.)")
	refused(t, at(301*time.Second), 403, "SignatureDoesNotMatch", "Signature not yet current: 20260103T000301Z is still later than 20260103T000300Z (20260102T235800Z + 5 min.)")
	f.Advance(301 * time.Second)
	refused(t, at(0), 403, "SignatureDoesNotMatch", "Signature expired")
}

// raw is a signed GetCallerIdentity that a test can spoil before it is sent.
func raw(t *testing.T, f *awsfake.Fake, k keys, service string, spoil func(*http.Request)) (status int, body string) {
	t.Helper()
	return rawCall(t, f, k, service, url.Values{"Action": {"GetCallerIdentity"}}, spoil)
}

// rawCall is a signed call without the SDK's client in between.
func rawCall(t *testing.T, f *awsfake.Fake, k keys, service string, values url.Values, spoil func(*http.Request)) (status int, body string) {
	t.Helper()
	return sendCall(t, f, k, service, "2011-06-15", values, spoil)
}

// sendCall is a signed call to any service of the query protocol.
func sendCall(t *testing.T, f *awsfake.Fake, k keys, service, version string, values url.Values, spoil func(*http.Request)) (status int, body string) {
	t.Helper()
	values.Set("Version", version)
	form := values.Encode()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.URL()+"/", strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	err = v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token},
		r, hashOf(form), service, "eu-west-1", f.Now())
	if err != nil {
		t.Fatal(err)
	}
	if spoil != nil {
		spoil(r)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// hashOf is the payload hash of SigV4.
func hashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// unsign takes a header out of the list of signed ones.
func unsign(name string) func(*http.Request) {
	return func(r *http.Request) {
		auth := r.Header.Get("Authorization")
		auth = strings.Replace(strings.Replace(auth, ";"+name, "", 1), name+";", "", 1)
		r.Header.Set("Authorization", auth)
	}
}

func TestSignaturesThatAreNotWhole(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	session := a.session(t, false)
	body := func(text string) func(*http.Request) {
		return func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(text))), int64(len(text))
		}
	}
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, tc := range map[string]struct {
		service string
		spoil   func(*http.Request)
		status  int
		text    string
	}{
		"as it should be":     {"sts", nil, 200, "<Arn>arn:aws:iam::123456789012:user/alice</Arn>"},
		"no signature":        {"sts", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "<Code>MissingAuthenticationToken</Code>"},
		"garbled":             {"sts", set("Authorization", "AWS4-HMAC-SHA256 Credential=x"), 400, "<Code>IncompleteSignature</Code>"},
		"bearer":              {"sts", set("Authorization", "Bearer x"), 400, "<Code>IncompleteSignature</Code>"},
		"another service":     {"iam", nil, 403, "Credential should be scoped to correct service: &#39;sts&#39;."},
		"host not signed":     {"sts", unsign("host"), 403, "&#39;Host&#39; must be a &#39;SignedHeader&#39;"},
		"date not signed":     {"sts", unsign("x-amz-date"), 403, "&#39;X-Amz-Date&#39; must be a &#39;SignedHeader&#39;"},
		"token not signed":    {"sts", unsign("x-amz-security-token"), 403, "&#39;X-Amz-Security-Token&#39; must be a &#39;SignedHeader&#39;"},
		"no date":             {"sts", set("X-Amz-Date", "yesterday"), 400, "<Code>IncompleteSignature</Code>"},
		"date not the scope":  {"sts", set("X-Amz-Date", "20200101T000000Z"), 403, "Date in Credential scope does not match"},
		"another host":        {"sts", func(r *http.Request) { r.Host = "sts.amazonaws.com" }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		"another body":        {"sts", body("Action=GetCallerIdentity&Version=2011-06-15&x=1"), 403, "<Code>SignatureDoesNotMatch</Code>"},
		"another query":       {"sts", func(r *http.Request) { r.URL.RawQuery = "x=1" }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		"another type":        {"sts", set("Content-Type", "application/x-www-form-urlencoded"), 403, "<Code>SignatureDoesNotMatch</Code>"},
		"another path":        {"sts", func(r *http.Request) { r.URL.Path = "/x" }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		"an action not there": {"sts", body("Action=GetCallerIdentitty&Version=2011-06-15"), 400, "Could not find operation GetCallerIdentitty for version 2011-06-15"},
		"no action":           {"sts", body("Version=2011-06-15"), 400, "<Code>MissingAction</Code>"},
		"another version":     {"sts", body("Action=GetCallerIdentity&Version=2010-05-08"), 400, "<Code>InvalidAction</Code>"},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := raw(t, a.Fake, session, tc.service, tc.spoil)
			if status != tc.status || !strings.Contains(text, tc.text) {
				t.Errorf("got %d %s, want %d with %q", status, text, tc.status, tc.text)
			}
			if !strings.Contains(text, "<RequestId>") {
				t.Errorf("no request id in %s", text)
			}
		})
	}
}
