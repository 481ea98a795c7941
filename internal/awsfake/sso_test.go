package awsfake_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"assume-role/internal/awsfake"
)

const startURL = "https://d-1.awsapps.com/start"

// ssoCall makes a call in JSON and returns the status, the header that names
// errors and the body.
func ssoCall(t *testing.T, f *awsfake.Fake, method, path, token string, body any) (status int, code string, got map[string]any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, f.URL()+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("x-amz-sso_bearer_token", token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("X-Amzn-Errortype"), got
}

// signIn returns the members of the AWS CLI's token file.
func signIn(t *testing.T, f *awsfake.Fake, s awsfake.SSOSignIn) map[string]string {
	t.Helper()
	s.StartURL, s.Region = startURL, "eu-central-1"
	var file map[string]string
	if err := json.Unmarshal(f.SSOToken(s), &file); err != nil {
		t.Fatal(err)
	}
	return file
}

const adminPath = "/federation/credentials?account_id=123456789012&role_name=Admin"

func TestPortal(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.AddAssignment("alice", "123456789012", "Admin", 2*time.Hour)
	f.AddAssignment("alice", "123456789012", "Reader", 0)
	f.AddAssignment("bob", "210987654321", "Admin", 0)
	token := signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]

	status, _, got := ssoCall(t, f, "GET", adminPath, token, nil)
	keys, _ := got["roleCredentials"].(map[string]any)
	if status != 200 || keys["expiration"] != float64(f.Now().Truncate(time.Second).Add(2*time.Hour).UnixMilli()) {
		t.Fatalf("status %d, expiration %v", status, keys["expiration"])
	}
	_, _, accounts := ssoCall(t, f, "GET", "/assignment/accounts", token, nil)
	_, _, roles := ssoCall(t, f, "GET", "/assignment/roles?account_id=123456789012", token, nil)
	if len(accounts["accountList"].([]any)) != 1 || len(roles["roleList"].([]any)) != 2 {
		t.Errorf("accounts %v, roles %v", accounts, roles)
	}
}

// What the portal gives is taken by STS, as the role that IAM shows.
func TestPortalsCredentialsSign(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	role := f.AddAssignment("alice", "123456789012", "Admin", 0)
	token := signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]
	_, _, got := ssoCall(t, f, "GET", adminPath, token, nil)
	c := got["roleCredentials"].(map[string]any)
	k := keys{c["accessKeyId"].(string), c["secretAccessKey"].(string), c["sessionToken"].(string)}
	if arn := *identity(t, f, k).Arn; arn != "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/alice" {
		t.Error(arn)
	}
	if secrets := strings.Join(f.Secrets(), " "); !strings.Contains(secrets, token) || !strings.Contains(secrets, k.token) {
		t.Error("not all of it is among the secrets")
	}
	if !strings.HasPrefix(role, "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_") {
		t.Error(role)
	}
}

func TestPortalRefuses(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	f.AddAssignment("alice", "123456789012", "Admin", 0)
	good := signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]
	old := signIn(t, f, awsfake.SSOSignIn{User: "alice", Left: -time.Second})["accessToken"]
	out := signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]
	if status, _, _ := ssoCall(t, f, "POST", "/logout", out, nil); status != 200 {
		t.Fatalf("logout: %d", status)
	}
	for name, tc := range map[string]struct {
		path, token string
		status      int
		code        string
	}{
		"no token":          {adminPath, "", 400, "InvalidRequestException"},
		"another token":     {adminPath, good + "x", 401, "UnauthorizedException"},
		"an old token":      {adminPath, old, 401, "UnauthorizedException"},
		"after a logout":    {adminPath, out, 401, "UnauthorizedException"},
		"another role":      {"/federation/credentials?account_id=123456789012&role_name=Root", good, 403, "ForbiddenException"},
		"another account":   {"/federation/credentials?account_id=210987654321&role_name=Admin", good, 403, "ForbiddenException"},
		"no account":        {"/federation/credentials?role_name=Admin", good, 400, "InvalidRequestException"},
		"roles elsewhere":   {"/assignment/roles?account_id=210987654321", good, 403, "ForbiddenException"},
		"another region":    {"/elsewhere" + adminPath, good, 400, "InvalidRequestException"},
		"accounts, no user": {"/assignment/accounts", "x", 401, "UnauthorizedException"},
	} {
		status, code, got := ssoCall(t, f, "GET", tc.path, tc.token, nil)
		kind, _ := got["__type"].(string)
		if status != tc.status || code != tc.code || !strings.HasSuffix(kind, "#"+tc.code) || got["message"] == nil {
			t.Errorf("%s: %d %s %v", name, status, code, got)
		}
	}
	f.RevokeAccess("alice")
	if status, _, _ := ssoCall(t, f, "GET", adminPath, good, nil); status != 401 {
		t.Errorf("a revoked token: %d", status)
	}
}

func TestPortalFaults(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	token := signIn(t, f, awsfake.SSOSignIn{User: "alice"})["accessToken"]
	for _, tc := range []struct {
		mode   awsfake.Mode
		status int
		code   string
	}{{awsfake.Throttle, 429, "TooManyRequestsException"}, {awsfake.Deny, 403, "ForbiddenException"}} {
		f.Inject(awsfake.Fault{Action: "GetRoleCredentials", Mode: tc.mode, Times: 1})
		if status, code, _ := ssoCall(t, f, "GET", adminPath, token, nil); status != tc.status || code != tc.code {
			t.Errorf("%s: %d %s", tc.mode, status, code)
		}
	}
	if f.Count("GetRoleCredentials") != 2 {
		t.Errorf("the journal has %d calls", f.Count("GetRoleCredentials"))
	}
}
