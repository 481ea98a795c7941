package server

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// token begins a session.
func (w *world) token(ttl string) string {
	w.Helper()
	response, body := w.do(http.MethodPut, tokenPage, ttlHeader, ttl)
	if response.StatusCode != 200 || response.Header.Get(ttlHeader) != ttl || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/plain") {
		w.Fatalf("%d %v %s", response.StatusCode, response.Header, body)
	}
	return body
}

// TestMetadataPages are what SDKs and tools read.
func TestMetadataPages(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	token := w.token("21600")
	for path, want := range map[string]string{
		rolesPage: "dev", rolesPage + "/": "dev", idPage: instanceID, idPage + "/": instanceID,
		regionPage: "eu-west-1", zonePage: "eu-west-1a", zonePage + "/": "eu-west-1a",
	} {
		if response, body := w.do(http.MethodGet, path, tokenHeader, token); response.StatusCode != 200 || body != want {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	for path, want := range map[string]map[string]string{
		rolesPage + "/dev": {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": "ASIA1", "SecretAccessKey": canarySecret, "Token": canaryToken},
		infoPage:           {"Code": "Success", "InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/team/dev"},
		placePage: {"region": "eu-west-1", "availabilityZone": "eu-west-1a", "instanceId": instanceID,
			"accountId": "123456789012", "version": "2017-09-30"},
	} {
		_, body := w.do(http.MethodGet, path, tokenHeader, token)
		got := map[string]string{}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatalf("%s: %s", path, body)
		}
		for _, name := range []string{"LastUpdated", "Expiration"} {
			if at, given := got[name]; given {
				if _, err := time.Parse("2006-01-02T15:04:05Z", at); err != nil {
					t.Error(err)
				}
			}
			delete(got, name)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}

// TestMetadataNeedsItsToken: there is no version 1, and no other token opens it.
func TestMetadataNeedsItsToken(t *testing.T) {
	t.Parallel()
	w, other := start(t, withMetadata), start(t, withMetadata)
	good := w.token("60")
	b, _ := base64.RawURLEncoding.DecodeString(good)
	b[0] ^= 1 // a later end
	for name, header := range map[string][]string{
		"none": nil, "empty": {tokenHeader, ""}, "of another server": {tokenHeader, other.token("60")}, "half": {tokenHeader, good[:20]},
		"longer": {tokenHeader, good + "AA"}, "changed": {tokenHeader, base64.RawURLEncoding.EncodeToString(b)},
		"two": {tokenHeader, good, tokenHeader, good}, "the profile's": {tokenHeader, tokenDev, "Authorization", tokenDev},
		"as Authorization": {"Authorization", good}, "not base64": {tokenHeader, "!"},
	} {
		for _, path := range []string{rolesPage + "/dev", rolesPage, regionPage, idPage, "/latest/user-data", "/latest/"} {
			if response, body := w.do(http.MethodGet, path, header...); response.StatusCode != 401 || strings.Contains(body, "dev") {
				t.Errorf("%s: %s: %d %s", name, path, response.StatusCode, body)
			}
		}
	}
	if response, _ := w.get("/role/dev", good); response.StatusCode != 401 {
		t.Error("a metadata token opens the container endpoint")
	}
	if n := w.dev.calls.Load(); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// TestMetadataRefuses wrong methods, times and pages.
func TestMetadataRefuses(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	token := w.token("60")
	for _, ttl := range []string{"", "0", "-1", "21601", "1.5", "x", "99999999999999999999", "+60", " 60 x"} {
		if response, _ := w.do(http.MethodPut, tokenPage, ttlHeader, ttl); response.StatusCode != 400 {
			t.Errorf("%q: %d", ttl, response.StatusCode)
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"PUT", tokenPage, 400}, {"GET", tokenPage, 405}, {"POST", tokenPage, 405}, {"OPTIONS", tokenPage, 405},
		{"PUT", rolesPage, 405}, {"POST", rolesPage, 405}, {"HEAD", rolesPage, 405}, {"OPTIONS", rolesPage, 405},
		{"GET", "/latest/user-data", 404}, {"GET", rolesPage + "/prod", 404}, {"GET", rolesPage + "/../dev", 404}, {"GET", "/latest/meta-data/iam/security-credentials-extended/", 404},
		{"GET", "/2024-01-01/meta-data/instance-id", 401},
	} {
		if response, _ := w.do(c.method, c.path, tokenHeader, token); response.StatusCode != c.status {
			t.Errorf("%s %s: %d", c.method, c.path, response.StatusCode)
		}
	}
	if answer := w.raw("PUT /latest/api/token HTTP/1.1\r\nHost: " + w.addr + "\r\n" + ttlHeader + ": 60\r\nContent-Length: 3\r\n\r\nabc"); !strings.HasPrefix(answer, "HTTP/1.1 400") {
		t.Error(answer)
	}
}

// TestMetadataToken ends on time, and after a clock that was set.
func TestMetadataToken(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tokens := newMetadataTokens(func() time.Time { return now })
	token, ok := tokens.issue("60")
	if !ok || !tokens.valid(token) {
		t.Fatal(token, ok)
	}
	if now = now.Add(time.Minute - 1); !tokens.valid(token) {
		t.Error("ended early")
	}
	if now = now.Add(1); tokens.valid(token) {
		t.Error("has not ended")
	}
	if again, _ := tokens.issue("60"); again == token {
		t.Error("the same token twice")
	}
}

// TestMetadataWithoutRole or region: a name for the list, no place.
func TestMetadataWithoutRole(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata, func(o *Options) { o.Profiles = o.Profiles[1:] })
	token := w.token("60")
	for path, want := range map[string]int{rolesPage + "/" + nameless: 200, infoPage: 200, regionPage: 404, zonePage: 404, placePage: 404} {
		response, body := w.do(http.MethodGet, path, tokenHeader, token)
		if response.StatusCode != want || strings.Contains(body, "Arn") {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
}

// TestMetadataErrors: the service answers 200 with a code where a role cannot be
// assumed, which SDKs do not ask about again.
func TestMetadataErrors(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{200: fault.New("", "denied"), 503: io.ErrUnexpectedEOF} {
		w := start(t, withMetadata)
		w.dev.fail(err)
		response, body := w.do(http.MethodGet, rolesPage+"/dev", tokenHeader, w.token("60"))
		if response.StatusCode != want || strings.Contains(body, "Success") || !strings.Contains(body, `"Code":"Credentials`) {
			t.Errorf("%d %s", response.StatusCode, body)
		}
	}
}

// TestGoMetadataClient: AWS's own client for Go reads all that it knows.
func TestGoMetadataClient(t *testing.T) {
	t.Parallel()
	w := start(t, withMetadata)
	client := imds.New(imds.Options{Endpoint: w.url, EnableFallback: aws.FalseTernary})
	region, err := client.GetRegion(t.Context(), nil)
	if err != nil || region.Region != "eu-west-1" {
		t.Errorf("%+v %v", region, err)
	}
	info, err := client.GetIAMInfo(t.Context(), nil)
	if err != nil || info.Code != "Success" {
		t.Errorf("%+v %v", info, err)
	}
	place, err := client.GetInstanceIdentityDocument(t.Context(), nil)
	if err != nil || place.AccountID != "123456789012" || place.AvailabilityZone != "eu-west-1a" {
		t.Errorf("%+v %v", place, err)
	}
	for _, path := range []string{"iam/security-credentials/", "iam/security-credentials/dev"} {
		page, err := client.GetMetadata(t.Context(), &imds.GetMetadataInput{Path: path})
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(page.Content)
		if !strings.Contains(string(body), "dev") && !strings.Contains(string(body), canaryToken) {
			t.Errorf("%s: %s", path, body)
		}
		page.Content.Close()
	}
}

// TestGoMetadataClientIsNotFobbedOff with an older version where tokens are
// refused.
func TestGoMetadataClientIsNotFobbedOff(t *testing.T) {
	t.Parallel()
	w := start(t, func(o *Options) {
		o.Profiles[0].Credentials = func(context.Context, time.Duration) (creds.Credentials, error) {
			t.Error("credentials for a client of instance metadata, which is off")
			return creds.Credentials{}, io.EOF
		}
	})
	client := imds.New(imds.Options{Endpoint: w.url, Retryer: aws.NopRetryer{}})
	if page, err := client.GetMetadata(t.Context(), &imds.GetMetadataInput{Path: "iam/security-credentials/dev"}); err == nil {
		t.Errorf("%+v", page)
	}
}
