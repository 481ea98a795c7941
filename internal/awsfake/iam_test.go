package awsfake_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
)

const invalidToken = "The security token included in the request is invalid."

// rawIAM is a signed call to IAM without the SDK's client in between.
func rawIAM(t *testing.T, f *awsfake.Fake, k keys, service string, values url.Values, spoil func(*http.Request)) (status int, body string) {
	t.Helper()
	return sendCall(t, f, k, service, "2010-05-08", values, spoil)
}

func TestIAMSignaturesThatAreNotGood(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	inactive := longLived(a.AddKey("alice"))
	a.DeactivateKey(inactive.id)
	deleted := longLived(a.AddKey("alice"))
	a.DeleteKey(deleted.id)
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	// elsewhere signs for another host and region.
	elsewhere := func(host, region string) func(*http.Request) {
		return func(r *http.Request) {
			body := "Action=GetUser&Version=2010-05-08"
			r.Host = host
			r.Header.Del("Authorization")
			err := v4.NewSigner().SignHTTP(t.Context(), aws.Credentials{AccessKeyID: a.id, SecretAccessKey: a.secret}, r, hashOf(body), "iam", region, a.Now())
			if err != nil {
				t.Error(err)
			}
		}
	}
	for name, tc := range map[string]struct {
		keys    keys
		service string
		spoil   func(*http.Request)
		status  int
		text    string
	}{
		"as it should be":   {a.keys, "iam", nil, 200, "<UserName>alice</UserName>"},
		"no signature":      {a.keys, "iam", func(r *http.Request) { r.Header.Del("Authorization") }, 403, "<Code>MissingAuthenticationToken</Code>"},
		"for STS":           {a.keys, "sts", nil, 403, "Credential should be scoped to correct service: &#39;iam&#39;."},
		"wrong secret":      {keys{id: a.id, secret: "x"}, "iam", nil, 403, "<Code>SignatureDoesNotMatch</Code>"},
		"unknown key":       {keys{id: "AKIANOBODY", secret: "x"}, "iam", nil, 403, invalidToken},
		"inactive key":      {inactive, "iam", nil, 403, invalidToken},
		"deleted key":       {deleted, "iam", nil, 403, invalidToken},
		"another body":      {a.keys, "iam", func(r *http.Request) { r.URL.RawQuery = "UserName=bob" }, 403, "<Code>SignatureDoesNotMatch</Code>"},
		"an old signature":  {a.keys, "iam", set("X-Amz-Date", "20200101T000000Z"), 403, "Date in Credential scope does not match"},
		"IAM's own region":  {a.keys, "iam", elsewhere("iam.amazonaws.com", "us-east-1"), 200, "<UserName>alice</UserName>"},
		"another region":    {a.keys, "iam", elsewhere("iam.amazonaws.com", "eu-west-1"), 403, "Credential should be scoped to a valid region."},
		"no region":         {a.keys, "iam", elsewhere("127.0.0.1", ""), 403, "Credential should be scoped to a valid region."},
		"a region anywhere": {a.keys, "iam", elsewhere("127.0.0.1", "local"), 200, "<UserName>alice</UserName>"},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := rawIAM(t, a.Fake, tc.keys, tc.service, url.Values{"Action": {"GetUser"}}, tc.spoil)
			if status != tc.status || !strings.Contains(text, tc.text) || !strings.Contains(text, `xmlns="https://iam.amazonaws.com/doc/2010-05-08/"`) {
				t.Errorf("got %d %s, want %d with %q", status, text, tc.status, tc.text)
			}
		})
	}
}

func TestIAMActionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for action, text := range map[string]string{
		"GetCallerIdentity": "Could not find operation GetCallerIdentity for version 2010-05-08",
		"getuser":           "<Code>InvalidAction</Code>",
		"":                  "<Code>MissingAction</Code>",
	} {
		status, got := rawIAM(t, a.Fake, a.keys, "iam", url.Values{"Action": {action}}, nil)
		if status != 400 || !strings.Contains(got, text) {
			t.Errorf("%q: %d %s", action, status, got)
		}
	}
	if _, got := rawCall(t, a.Fake, a.keys, "iam", url.Values{"Action": {"GetUser"}}, nil); !strings.Contains(got, "InvalidAction") {
		t.Errorf("GetUser of STS: %s", got)
	}
}

// TestWhoMayCallIAM: sessions without MFA and federated users are as good as
// unknown there; role sessions, root and a sign-in are not.
func TestWhoMayCallIAM(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	federated, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	root := longLived(a.AddRootKey())
	rootSession, err := client(a.Fake, root).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	out := a.assume(t, a.keys, nil)
	for name, tc := range map[string]struct {
		keys keys
		may  bool
	}{
		"long-lived key": {a.keys, true}, "session with MFA": {a.session(t, true), true}, "session": {a.session(t, false), false},
		"federated user": {temporary(federated.Credentials), false}, "role": {temporary(out.Credentials), true},
		"root": {root, true}, "session of root": {temporary(rootSession.Credentials), false},
		"aws login": {signedInKeys(t, a.AddLogin("arn:aws:iam::123456789012:user/alice")), true},
	} {
		_, err := iamClient(a.Fake, tc.keys).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("admin")})
		if tc.may && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !tc.may {
			refused(t, err, 403, "InvalidClientTokenId", invalidToken)
		}
	}
	a.Advance(out.Credentials.Expiration.Sub(a.Now()))
	_, err = iamClient(a.Fake, temporary(out.Credentials)).GetUser(t.Context(), nil)
	refused(t, err, 403, "ExpiredToken", "The security token included in the request is expired")
}

// signedInKeys are the credentials in what `aws login` leaves.
func signedInKeys(t *testing.T, file []byte) keys {
	t.Helper()
	var content struct {
		AccessToken struct{ AccessKeyID, SecretAccessKey, SessionToken string }
	}
	if err := json.Unmarshal(file, &content); err != nil {
		t.Fatal(err)
	}
	return keys{content.AccessToken.AccessKeyID, content.AccessToken.SecretAccessKey, content.AccessToken.SessionToken}
}

func TestGetRole(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	arn := a.AddRole(awsfake.Role{Name: "team/a/deploy", MaxDuration: 2 * time.Hour, ExternalID: "xy", RequireMFA: true})
	out, err := iamClient(a.Fake, a.keys).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("deploy")})
	if err != nil {
		t.Fatal(err)
	}
	r := out.Role
	if *r.Path != "/team/a/" || *r.RoleName != "deploy" || *r.Arn != arn || *r.MaxSessionDuration != 7200 || !strings.HasPrefix(*r.RoleId, "AROA") {
		t.Errorf("got %+v", r)
	}
	if trust, err := url.PathUnescape(*r.AssumeRolePolicyDocument); err != nil || !json.Valid([]byte(trust)) || !strings.Contains(trust, `"sts:ExternalId":"xy"`) {
		t.Errorf("trust policy %s, %v", trust, err)
	}
	session := a.assume(t, a.session(t, true), func(in *sts.AssumeRoleInput) { in.RoleArn, in.ExternalId = &arn, aws.String("xy") })
	if *session.AssumedRoleUser.AssumedRoleId != *r.RoleId+":alice@host" {
		t.Errorf("the session is of %s, the role %s", *session.AssumedRoleUser.AssumedRoleId, *r.RoleId)
	}
	for name, text := range map[string]string{
		"team/a/deploy":         "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
		arn:                     "The specified value for roleName is invalid.",
		"":                      "Value '' at 'roleName' failed to satisfy constraint: Member must have length greater than or equal to 1",
		strings.Repeat("a", 65): "Member must have length less than or equal to 64",
	} {
		_, err := iamClient(a.Fake, a.keys).GetRole(t.Context(), &iam.GetRoleInput{RoleName: &name})
		refused(t, err, 400, "ValidationError", text)
	}
}

// TestOtherAccounts: the roles of another account do not exist here.
func TestOtherAccounts(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	far := a.AddRole(awsfake.Role{Name: "far", Account: "210987654321"})
	in := &iam.GetRoleInput{RoleName: aws.String("far")}
	_, err := iamClient(a.Fake, a.keys).GetRole(t.Context(), in)
	refused(t, err, 404, "NoSuchEntity", "The role with name far cannot be found.")
	there := temporary(a.assume(t, a.keys, func(in *sts.AssumeRoleInput) { in.RoleArn = &far }).Credentials)
	if out, err := iamClient(a.Fake, there).GetRole(t.Context(), in); err != nil || *out.Role.Arn != far {
		t.Errorf("from its own account: %v, %v", out, err)
	}
	_, err = iamClient(a.Fake, there).GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("alice")})
	refused(t, err, 404, "NoSuchEntity", "The user with name alice cannot be found.")
}

func TestGetUser(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	bob := a.AddUser("team/bob")
	get := func(k keys, name *string) (*iam.GetUserOutput, error) {
		return iamClient(a.Fake, k).GetUser(t.Context(), &iam.GetUserInput{UserName: name})
	}
	own, err := get(a.session(t, true), nil)
	if err != nil || *own.User.UserName != "alice" || *own.User.Path != "/" || *own.User.UserId != *identity(t, a.Fake, a.keys).UserId {
		t.Errorf("own: %+v, %v", own, err)
	}
	other, err := get(a.keys, aws.String("bob"))
	if err != nil || *other.User.Arn != bob || *other.User.Path != "/team/" || other.User.CreateDate == nil {
		t.Errorf("bob: %+v, %v", other, err)
	}
	root, err := get(longLived(a.AddRootKey()), nil)
	if err != nil || *root.User.Arn != "arn:aws:iam::123456789012:root" || *root.User.UserId != "123456789012" {
		t.Errorf("root: %+v, %v", root, err)
	}
	_, err = get(temporary(a.assume(t, a.keys, nil).Credentials), nil)
	refused(t, err, 400, "ValidationError", "Must specify userName when calling with non-User credentials")
}

// TestIAMFaults: IAM fails on request, too, in its own namespace.
func TestIAMFaults(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	c := iamClient(a.Fake, a.keys)
	a.Inject(awsfake.Fault{Action: "GetUser", Mode: awsfake.Deny, Times: 1})
	_, err := c.GetUser(t.Context(), nil)
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:GetUser on resource: user alice with an explicit deny in an identity-based policy")
	a.Inject(awsfake.Fault{Action: "GetUser", Mode: awsfake.Throttle, Times: 1})
	_, err = c.GetUser(t.Context(), nil)
	refused(t, err, 400, "Throttling", "Rate exceeded")
	a.Inject(awsfake.Fault{Mode: awsfake.InternalError, Times: 1})
	if status, text := rawIAM(t, a.Fake, a.keys, "iam", url.Values{"Action": {"GetUser"}}, nil); status != 500 || !strings.Contains(text, "iam.amazonaws.com/doc") {
		t.Errorf("%d %s", status, text)
	}
	a.Inject(awsfake.Fault{Action: "CreateAccessKey", Mode: awsfake.Lost, Times: 1})
	if _, err = c.CreateAccessKey(t.Context(), nil); err == nil || len(a.Keys("alice")) != 2 {
		t.Errorf("a lost answer: %v, keys %v", err, a.Keys("alice"))
	}
	if a.Count("GetUser") != 3 || a.Count("CreateAccessKey") != 1 {
		t.Errorf("the journal has %d and %d", a.Count("GetUser"), a.Count("CreateAccessKey"))
	}
	if call := a.Calls()[0]; call.Service != "iam" || call.Caller != "arn:aws:iam::123456789012:user/alice" || call.Code != "AccessDenied" {
		t.Errorf("the journal has %+v", call)
	}
}

func TestIAMWireFormat(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	k := longLived(f.AddKey("alice"))
	f.AddRole(awsfake.Role{Name: "admin"})
	response := func(action, result string) string {
		if result != "" {
			result = "\n  <" + action + "Result>" + result + "\n  </" + action + "Result>"
		}
		return "<" + action + `Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">` + result + `
  <ResponseMetadata>
    <RequestId>UUID</RequestId>
  </ResponseMetadata>
</` + action + "Response>"
	}
	for _, tc := range []struct{ action, form, result string }{
		{"ListRolePolicies", "RoleName=admin", "\n    <PolicyNames></PolicyNames>\n    <IsTruncated>false</IsTruncated>"},
		{"PutRolePolicy", "RoleName=admin&PolicyName=p&PolicyDocument=" + url.QueryEscape(denyAll), ""},
		{"ListRolePolicies", "RoleName=admin", "\n    <PolicyNames>\n      <member>p</member>\n    </PolicyNames>\n    <IsTruncated>false</IsTruncated>"},
		{"GetRolePolicy", "RoleName=admin&PolicyName=p", "\n    <RoleName>admin</RoleName>\n    <PolicyName>p</PolicyName>\n    <PolicyDocument>%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Deny%22%2C%22Action%22%3A%5B%22%2A%22%5D%2C%22Resource%22%3A%5B%22%2A%22%5D%7D%5D%7D</PolicyDocument>"},
		{"DeleteRolePolicy", "RoleName=admin&PolicyName=p", ""},
		{"GetUser", "", "\n    <User>\n      <Path>/</Path>\n      <UserName>alice</UserName>\n      <UserId>AIDA</UserId>\n      <Arn>arn:aws:iam::123456789012:user/alice</Arn>\n      <CreateDate>2026-01-02T03:04:05Z</CreateDate>\n    </User>"},
	} {
		values, err := url.ParseQuery(tc.form)
		if err != nil {
			t.Fatal(err)
		}
		values.Set("Action", tc.action)
		status, got := rawIAM(t, f, k, "iam", values, nil)
		if d := cmp.Diff(response(tc.action, tc.result), masked(got)); d != "" || status != 200 {
			t.Errorf("%s: status %d\n%s", tc.action, status, d)
		}
	}
	_, got := rawIAM(t, f, k, "iam", url.Values{"Action": {"GetRole"}, "RoleName": {"x"}}, nil)
	if !regexp.MustCompile(`(?s)^<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">\s*<Error>\s*<Type>Sender</Type>\s*<Code>NoSuchEntity</Code>`).MatchString(got) {
		t.Errorf("a refusal: %s", got)
	}
}

// TestIAMParametersThatAreMissing: each operation names what it needs.
func TestIAMParametersThatAreMissing(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	for action, names := range map[string]string{
		"GetRole": "roleName", "ListRolePolicies": "roleName", "ListUserPolicies": "userName",
		"GetRolePolicy": "roleName policyName", "DeleteRolePolicy": "roleName policyName", "PutRolePolicy": "roleName policyName policyDocument",
		"GetUserPolicy": "userName policyName", "DeleteUserPolicy": "userName policyName", "PutUserPolicy": "userName policyName policyDocument",
		"UpdateAccessKey": "accessKeyId status", "DeleteAccessKey": "accessKeyId", "GetAccessKeyLastUsed": "accessKeyId",
	} {
		_, got := rawIAM(t, a.Fake, a.keys, "iam", url.Values{"Action": {action}}, nil)
		for name := range strings.FieldsSeq(names) {
			if want := "Value null at &#39;" + name + "&#39; failed to satisfy constraint: Member must not be null"; !strings.Contains(got, want) {
				t.Errorf("%s: %s lacks %s", action, got, name)
			}
		}
	}
}
