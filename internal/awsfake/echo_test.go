package awsfake_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"assume-role/internal/awsfake"
)

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func (k keys) aws() aws.Credentials {
	return aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}
}

func get(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told sends a request and returns the answer's status and text.
func told(t *testing.T, r *http.Request) (int, string) {
	t.Helper()
	response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// presigned makes a URL for a service, good for some seconds by its own word.
func presigned(t *testing.T, f *awsfake.Fake, k keys, service, path string, seconds int, headers ...string) string {
	t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	r := get(t, f.URL()+path+separator+"X-Amz-Expires="+strconv.Itoa(seconds))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	hash := emptyHash
	if service == "s3" {
		hash = "UNSIGNED-PAYLOAD"
	}
	address, _, err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" }).
		PresignHTTP(t.Context(), k.aws(), r, hash, service, "eu-west-1", f.Now())
	if err != nil {
		t.Fatal(err)
	}
	return address
}

const identityPath = "/?Action=GetCallerIdentity&Version=2011-06-15"

func TestPresignedIdentity(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	k := a.session(t, false)
	address := presigned(t, a.Fake, k, "sts", identityPath, 60, "X-K8s-Aws-Id", "blue")
	ask := func(cluster string) (int, string) {
		r := get(t, address)
		r.Header.Set("X-K8s-Aws-Id", cluster)
		return told(t, r)
	}
	if status, text := ask("blue"); status != 200 || !strings.Contains(text, ":user/alice") {
		t.Errorf("%d %s", status, text)
	}
	if status, text := ask("green"); status != 403 || !strings.Contains(text, "SignatureDoesNotMatch") {
		t.Errorf("another cluster: %d %s", status, text)
	}
	if status, _ := told(t, get(t, address)); status != 403 {
		t.Errorf("without the header: %d", status)
	}
	a.Advance(15*time.Minute - 10*time.Second)
	if status, text := ask("blue"); status != 200 {
		t.Errorf("after 15 minutes: %d %s", status, text)
	}
	a.Advance(12 * time.Second)
	if status, text := ask("blue"); status != 403 || !strings.Contains(text, "15 min.") {
		t.Errorf("later: %d %s", status, text)
	}
}

// What is not exactly as AWS wants a presigned request is refused.
func TestPresignedRefused(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	k, other := a.session(t, false), a.session(t, false)
	address := presigned(t, a.Fake, k, "s3", "/bucket/a%20b", 60)
	change := func(name, value string) *http.Request {
		r := get(t, address)
		q := r.URL.Query()
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
		r.URL.RawQuery = q.Encode()
		return r
	}
	if status, text := told(t, get(t, address)); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	token := get(t, address)
	token.Header.Set("X-Amz-Security-Token", k.token)
	both := get(t, address)
	if err := v4.NewSigner().SignHTTP(t.Context(), a.keys.aws(), both, emptyHash, "s3", "eu-west-1", a.Now()); err != nil {
		t.Fatal(err)
	}
	header := get(t, address)
	header.Header.Set("X-Amz-Acl", "public-read")
	path := get(t, address)
	path.URL.Path = "/bucket/other"
	for name, tc := range map[string]struct {
		r      *http.Request
		status int
		code   string
	}{
		"no token":              {change("X-Amz-Security-Token", ""), 403, "InvalidClientTokenId"},
		"another token":         {change("X-Amz-Security-Token", other.token), 403, "InvalidClientTokenId"},
		"the token in a header": {token, 400, "AuthorizationQueryParametersError"},
		"two signatures":        {both, 400, "Only one auth mechanism"},
		"longer than signed":    {change("X-Amz-Expires", "600"), 403, "SignatureDoesNotMatch"},
		"over a week":           {change("X-Amz-Expires", "604801"), 400, "AuthorizationQueryParametersError"},
		"another algorithm":     {change("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256"), 400, "AuthorizationQueryParametersError"},
		"a parameter more":      {change("prefix", "x"), 403, "SignatureDoesNotMatch"},
		"a header more":         {header, 403, "SignatureDoesNotMatch"},
		"another path":          {path, 403, "SignatureDoesNotMatch"},
	} {
		status, text := told(t, tc.r)
		if status != tc.status || !strings.Contains(text, tc.code) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	kept := get(t, a.URL()+"/bucket?X-Amz-Expires=60")
	kept.Header.Set("X-Amz-Other", "signed as a header")
	text, _, err := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableHeaderHoisting, o.DisableURIPathEscaping = true, true }).
		PresignHTTP(t.Context(), k.aws(), kept, "UNSIGNED-PAYLOAD", "s3", "eu-west-1", a.Now())
	if err != nil {
		t.Fatal(err)
	}
	again := get(t, text)
	again.Header = kept.Header
	if status, text := told(t, again); status != 200 {
		t.Errorf("a signed header: %d %s", status, text)
	}
	a.Advance(61 * time.Second)
	if status, text := told(t, get(t, address)); status != 403 || !strings.Contains(text, "Request has expired") {
		t.Errorf("expired: %d %s", status, text)
	}
}

// signedTo is a request signed in its headers for a service.
func signedTo(t *testing.T, f *awsfake.Fake, k keys, service, method, path, body, hash string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if hash == "" {
		sum := sha256.Sum256([]byte(body))
		hash = hex.EncodeToString(sum[:])
	}
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" }).
		SignHTTP(context.Background(), k.aws(), r, hash, service, "eu-west-1", f.Now())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEcho(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	status, text := told(t, signedTo(t, a.Fake, a.keys, "s3", "PUT", "/bucket/a%20b%2Fc?x=1", "text", ""))
	var got struct{ Method, Path, Query, Body, Caller, Service, Region string }
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != 200 {
		t.Fatalf("%d %s: %v", status, text, err)
	}
	got.Caller = got.Caller[strings.LastIndex(got.Caller, ":"):]
	if want := (struct{ Method, Path, Query, Body, Caller, Service, Region string }{"PUT", "/bucket/a%20b%2Fc", "x=1", "text", ":user/alice", "s3", "eu-west-1"}); got != want {
		t.Errorf("%+v", got)
	}
	if a.Count("Echo") != 1 || strings.Contains(text, "Signature") {
		t.Errorf("%d calls: %s", a.Count("Echo"), text)
	}
}

func TestEchoRefuses(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for name, tc := range map[string]struct {
		r    *http.Request
		code string
	}{
		"another body": {signedTo(t, a.Fake, a.keys, "s3", "PUT", "/k", "text", emptyHash), "XAmzContentSHA256Mismatch"},
		"s3, path twice encoded": {func() *http.Request {
			r := signedTo(t, a.Fake, a.keys, "execute-api", "GET", "/a%20b", "", "")
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "execute-api", "s3", 1))
			return r
		}(), "x-amz-content-sha256"},
		"a header unsigned": {func() *http.Request {
			r := signedTo(t, a.Fake, a.keys, "sqs", "GET", "/", "", "")
			r.Header.Set("X-Amz-Target", "other")
			return r
		}(), "SignatureDoesNotMatch"},
		"wrong secret": {signedTo(t, a.Fake, keys{a.id, "wrong", ""}, "sqs", "GET", "/", "", ""), "SignatureDoesNotMatch"},
	} {
		if status, text := told(t, tc.r); status < 400 || !strings.Contains(text, tc.code) {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
}

func TestEchoAnswersOtherwise(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	send := func(query string) *http.Response {
		response, err := http.DefaultTransport.RoundTrip(signedTo(t, a.Fake, a.keys, "s3", "GET", "/?"+query, "", ""))
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	r := send(url.Values{"echo-location": {"https://x.example/"}, "echo-status": {"302"}}.Encode())
	if r.StatusCode != 302 || r.Header.Get("Location") != "https://x.example/" {
		t.Errorf("%d %s", r.StatusCode, r.Header.Get("Location"))
	}
	_ = r.Body.Close()
	r = send("echo-stream=1000000")
	n, err := io.Copy(io.Discard, r.Body)
	if n != 1000000 || err != nil || r.ContentLength != -1 {
		t.Errorf("%d bytes of %d: %v", n, r.ContentLength, err)
	}
	r = send("echo-stall=100")
	if n, err := io.ReadFull(r.Body, make([]byte, 100)); n != 100 {
		t.Errorf("%d bytes: %v", n, err)
	}
	_ = r.Body.Close()
}
