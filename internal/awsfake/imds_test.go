package awsfake_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

const (
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
	rolePage    = "/latest/meta-data/iam/security-credentials/"
)

// plain makes a request that nothing signs.
func plain(t *testing.T, f *awsfake.Fake, method, path string, header ...string) (status int, body string, got http.Header) {
	t.Helper()
	r, err := http.NewRequest(method, f.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text), answer.Header
}

func instanceOf(t *testing.T, i awsfake.Instance) *awsfake.Fake {
	t.Helper()
	f := start(t)
	if i.Role == "web" {
		i.Role = f.AddRole(awsfake.Role{Name: "path/web"})
	}
	f.SetInstance(i)
	return f
}

func session(t *testing.T, f *awsfake.Fake) string {
	t.Helper()
	status, token, header := plain(t, f, http.MethodPut, "/latest/api/token", ttlHeader, "60")
	if status != http.StatusOK || token == "" || header.Get(ttlHeader) != "60" {
		t.Fatalf("%d %q %v", status, token, header)
	}
	return token
}

func TestInstanceMetadata(t *testing.T) {
	t.Parallel()
	f := instanceOf(t, awsfake.Instance{Role: "web"})
	token := session(t, f)
	if _, role, _ := plain(t, f, http.MethodGet, rolePage, tokenHeader, token); role != "web" {
		t.Fatalf("the role is %q", role)
	}
	_, text, _ := plain(t, f, http.MethodGet, rolePage+"web", tokenHeader, token)
	var got map[string]string
	if err := json.Unmarshal([]byte(text), &got); err != nil || got["Code"] != "Success" || got["Type"] != "AWS-HMAC" {
		t.Fatalf("%v: %s", err, text)
	}
	if arn := *identity(t, f, keys{got["AccessKeyId"], got["SecretAccessKey"], got["Token"]}).Arn; arn != "arn:aws:sts::123456789012:assumed-role/web/i-0123456789abcdef0" {
		t.Errorf("they are %s", arn)
	}
	_, again, _ := plain(t, f, http.MethodGet, rolePage+"web", tokenHeader, token)
	if again != text {
		t.Error("credentials change before they have to")
	}
	if n := f.Count("IMDS:Token") + f.Count("IMDS:Role") + f.Count("IMDS:Credentials"); n != 4 {
		t.Errorf("%d requests are in the journal", n)
	}
}

func TestInstanceRenewsCredentials(t *testing.T) {
	t.Parallel()
	f := instanceOf(t, awsfake.Instance{Role: "web", V1: true})
	_, first, _ := plain(t, f, http.MethodGet, rolePage+"web")
	f.Advance(5*time.Hour + 50*time.Minute)
	if _, second, _ := plain(t, f, http.MethodGet, rolePage+"web"); second == first {
		t.Error("credentials are not renewed before they end")
	}
}

func TestInstanceRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		instance     awsfake.Instance
		method, path string
		header       []string
		want         int
	}{
		"no token":                  {awsfake.Instance{Role: "web"}, "GET", rolePage, nil, 401},
		"a wrong token":             {awsfake.Instance{Role: "web"}, "GET", rolePage, []string{tokenHeader, "x"}, 401},
		"a wrong token where v1 is": {awsfake.Instance{Role: "web", V1: true}, "GET", rolePage, []string{tokenHeader, "x"}, 401},
		"v1 where it is":            {awsfake.Instance{Role: "web", V1: true}, "GET", rolePage, nil, 200},
		"no time":                   {awsfake.Instance{}, "PUT", "/latest/api/token", nil, 400},
		"too short a time":          {awsfake.Instance{}, "PUT", "/latest/api/token", []string{ttlHeader, "0"}, 400},
		"too long a time":           {awsfake.Instance{}, "PUT", "/latest/api/token", []string{ttlHeader, "21601"}, 400},
		"behind a proxy":            {awsfake.Instance{}, "PUT", "/latest/api/token", []string{ttlHeader, "60", "X-Forwarded-For", "10.0.0.1"}, 403},
		"a token by GET":            {awsfake.Instance{}, "GET", "/latest/api/token", []string{ttlHeader, "60"}, 405},
		"turned off":                {awsfake.Instance{Role: "web", Disabled: true, V1: true}, "GET", rolePage, nil, 403},
		"turned off, the token":     {awsfake.Instance{Disabled: true}, "PUT", "/latest/api/token", []string{ttlHeader, "60"}, 403},
		"no role":                   {awsfake.Instance{V1: true}, "GET", rolePage, nil, 404},
		"another role":              {awsfake.Instance{Role: "web", V1: true}, "GET", rolePage + "other", nil, 404},
		"another page":              {awsfake.Instance{Role: "web", V1: true}, "GET", "/latest/user-data", nil, 404},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := instanceOf(t, tc.instance)
			if got, body, _ := plain(t, f, tc.method, tc.path, tc.header...); got != tc.want {
				t.Errorf("status %d, want %d: %s", got, tc.want, body)
			}
		})
	}
}

func TestInstanceSessionsEnd(t *testing.T) {
	t.Parallel()
	f := instanceOf(t, awsfake.Instance{Role: "web"})
	token := session(t, f)
	f.Advance(time.Minute)
	if status, _, _ := plain(t, f, http.MethodGet, rolePage, tokenHeader, token); status != http.StatusUnauthorized {
		t.Errorf("status %d", status)
	}
}

func TestInstanceWithoutTheRightToItsRole(t *testing.T) {
	t.Parallel()
	f := instanceOf(t, awsfake.Instance{Role: "web", V1: true, Code: "AssumeRoleUnauthorizedAccess"})
	if status, text, _ := plain(t, f, http.MethodGet, rolePage+"web"); status != 200 || !strings.Contains(text, `"Code": "AssumeRoleUnauthorizedAccess"`) || strings.Contains(text, "AccessKeyId") {
		t.Errorf("%d %s", status, text)
	}
}

func TestNoInstance(t *testing.T) {
	t.Parallel()
	f := start(t)
	if status, _, _ := plain(t, f, http.MethodPut, "/latest/api/token", ttlHeader, "60"); status != http.StatusNotFound {
		t.Errorf("status %d", status)
	}
}
