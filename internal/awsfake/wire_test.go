package awsfake_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
)

// masked replaces what is random in an answer by its kind, so that the rest can
// be compared with the documents of the STS API Reference.
func masked(xml string) string {
	for _, m := range []struct{ pattern, kind string }{
		{`<RequestId>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}</`, "<RequestId>UUID</"},
		{`<AccessKeyId>ASIA[A-Z2-7]{16}</`, "<AccessKeyId>ASIA</"},
		{`<SecretAccessKey>[A-Za-z0-9/+]{40}</`, "<SecretAccessKey>SECRET</"},
		{`<SessionToken>[A-Za-z0-9/+]{460}</`, "<SessionToken>TOKEN</"},
		{`AROA[A-Z2-7]{16}`, "AROA"},
		{`AIDA[A-Z2-7]{16}`, "AIDA"},
	} {
		xml = regexp.MustCompile(m.pattern).ReplaceAllString(xml, m.kind)
	}
	return xml
}

// frozen is an AWS whose clock stands still.
func frozen(t *testing.T) *awsfake.Fake {
	t.Helper()
	return start(t, awsfake.Options{Clock: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC) }})
}

func TestWireFormat(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	k := longLived(f.AddKey("alice"))
	role := f.AddRole(awsfake.Role{Name: "admin"})
	const credentials = `<Credentials>
      <AccessKeyId>ASIA</AccessKeyId>
      <SecretAccessKey>SECRET</SecretAccessKey>
      <SessionToken>TOKEN</SessionToken>
      <Expiration>2026-01-02T04:04:05Z</Expiration>
    </Credentials>`
	for action, tc := range map[string]struct {
		form   url.Values
		result string
	}{
		"AssumeRole": {url.Values{"RoleArn": {role}, "RoleSessionName": {"alice"}, "SourceIdentity": {"al"}, "Tags.member.1.Key": {"team"}, "Tags.member.1.Value": {"blue"}}, credentials + `
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/admin/alice</Arn>
      <AssumedRoleId>AROA:alice</AssumedRoleId>
    </AssumedRoleUser>
    <PackedPolicySize>1</PackedPolicySize>
    <SourceIdentity>al</SourceIdentity>`},
		"GetSessionToken": {url.Values{"DurationSeconds": {"3600"}}, credentials},
		"GetFederationToken": {url.Values{"Name": {"bob"}, "DurationSeconds": {"3600"}}, credentials + `
    <FederatedUser>
      <Arn>arn:aws:sts::123456789012:federated-user/bob</Arn>
      <FederatedUserId>123456789012:bob</FederatedUserId>
    </FederatedUser>`},
		"GetCallerIdentity": {url.Values{}, `<Arn>arn:aws:iam::123456789012:user/alice</Arn>
    <UserId>AIDA</UserId>
    <Account>123456789012</Account>`},
	} {
		t.Run(action, func(t *testing.T) {
			tc.form.Set("Action", action)
			status, got := rawCall(t, f, k, "sts", tc.form, nil)
			want := "<" + action + `Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <` + action + `Result>
    ` + tc.result + `
  </` + action + `Result>
  <ResponseMetadata>
    <RequestId>UUID</RequestId>
  </ResponseMetadata>
</` + action + "Response>"
			if d := cmp.Diff(want, masked(got)); d != "" || status != 200 {
				t.Errorf("status %d\n%s", status, d)
			}
		})
	}
}

func TestWireFormatOfErrors(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	k := longLived(f.AddKey("alice"))
	want := func(kind, code, message string) string {
		return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>` + kind + `</Type>
    <Code>` + code + `</Code>
    <Message>` + message + `</Message>
  </Error>
  <RequestId>UUID</RequestId>
</ErrorResponse>`
	}
	status, got := rawCall(t, f, k, "sts", url.Values{"Action": {"GetSessionToken"}, "TokenCode": {"000001"}}, nil)
	if d := cmp.Diff(want("Sender", "AccessDenied", "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."), masked(got)); d != "" || status != 403 {
		t.Errorf("status %d\n%s", status, d)
	}
	f.Inject(awsfake.Fault{Mode: awsfake.Unavailable, Times: 1})
	status, got = raw(t, f, k, "sts", nil)
	if d := cmp.Diff(want("Receiver", "ServiceUnavailable", "The request has failed due to a temporary failure of the server."), masked(got)); d != "" || status != 503 {
		t.Errorf("status %d\n%s", status, d)
	}
}

// TestHeaders: the request id and the time are in the headers, too, of refusals
// as well; the SDKs read both there.
func TestHeaders(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	response, err := http.Get(f.URL() + "/?Action=GetCallerIdentity&Version=2011-06-15")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != 403 || !strings.Contains(string(body), "MissingAuthenticationToken") {
		t.Errorf("a GET without a signature: %d %s", response.StatusCode, body)
	}
	id := response.Header.Get("X-Amzn-Requestid")
	if id == "" || !strings.Contains(string(body), "<RequestId>"+id+"</RequestId>") {
		t.Errorf("request id %q is not the one in %s", id, body)
	}
	if date := response.Header.Get("Date"); date != "Fri, 02 Jan 2026 03:04:05 GMT" {
		t.Errorf("Date: %s", date)
	}
	if kind := response.Header.Get("Content-Type"); kind != "text/xml" {
		t.Errorf("Content-Type: %s", kind)
	}
}

// TestValuesAreEscaped: what a caller sends comes back as text, not as markup.
func TestValuesAreEscaped(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	k := longLived(f.AddKey("alice"))
	_, got := rawCall(t, f, k, "sts", url.Values{"Action": {"GetFederationToken"}, "Name": {"<b>&"}}, nil)
	if !strings.Contains(got, "Value &#39;&lt;b&gt;&amp;&#39; at &#39;name&#39;") {
		t.Errorf("got %s", got)
	}
}

func TestParametersThatAreMissing(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	k := longLived(f.AddKey("alice"))
	for action, names := range map[string][]string{
		"AssumeRole":                {"roleArn", "roleSessionName"},
		"AssumeRoleWithWebIdentity": {"roleArn", "roleSessionName", "webIdentityToken"},
		"AssumeRoleWithSAML":        {"roleArn", "principalArn", "sAMLAssertion"},
		"GetFederationToken":        {"name"},
	} {
		status, got := rawCall(t, f, k, "sts", url.Values{"Action": {action}}, nil)
		for _, name := range names {
			if want := "Value null at &#39;" + name + "&#39; failed to satisfy constraint: Member must not be null"; status != 400 || !strings.Contains(got, want) {
				t.Errorf("%s: %d %s lacks %q", action, status, got, want)
			}
		}
	}
	_, got := rawCall(t, f, k, "sts", url.Values{"Action": {"GetSessionToken"}, "DurationSeconds": {"1h"}}, nil)
	if !strings.Contains(got, "Value &#39;1h&#39; at &#39;durationSeconds&#39;") {
		t.Errorf("a duration that is no number: %s", got)
	}
}

// TestSignedWhereNoneIsNeeded: a signature that is sent is checked all the same.
func TestSignedWhereNoneIsNeeded(t *testing.T) {
	t.Parallel()
	f := frozen(t)
	role := f.AddRole(awsfake.Role{Name: "ci"})
	form := url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "RoleArn": {role}, "RoleSessionName": {"job"},
		"WebIdentityToken": {f.AddWebIdentity(awsfake.WebIdentity{}).Reveal()},
	}
	if status, got := rawCall(t, f, keys{id: "AKIASTRAY", secret: "x"}, "sts", form, nil); status != 403 {
		t.Errorf("stray keys: %d %s", status, got)
	}
	if status, got := rawCall(t, f, longLived(f.AddKey("alice")), "sts", form, nil); status != 200 {
		t.Errorf("good keys: %d %s", status, got)
	}
}

// TestManagedPoliciesOfThePartition: a role in China takes China's policies.
func TestManagedPoliciesOfThePartition(t *testing.T) {
	t.Parallel()
	f := start(t, awsfake.Options{Partition: "aws-cn"})
	c := client(f, longLived(f.AddKey("alice")))
	role := f.AddRole(awsfake.Role{Name: "admin"})
	assume := func(policy string) error {
		_, err := c.AssumeRole(t.Context(), &sts.AssumeRoleInput{
			RoleArn: &role, RoleSessionName: aws.String("alice"),
			PolicyArns: []types.PolicyDescriptorType{{Arn: &policy}},
		})
		return err
	}
	if err := assume("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"); err != nil {
		t.Error(err)
	}
	refused(t, assume("arn:aws:iam::aws:policy/ReadOnlyAccess"), 400, "ValidationError", "ARN arn:aws:iam::aws:policy/ReadOnlyAccess is not valid.")
}

// TestTrustInRoles: a trust policy can name a role, one of its sessions, or an
// account.
func TestTrustInRoles(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out := a.assume(t, a.keys, nil)
	for _, principal := range []string{a.role, *out.AssumedRoleUser.Arn, "123456789012"} {
		next := a.AddRole(awsfake.Role{Name: "next", Account: "210987654321", Principals: []string{principal}})
		a.assume(t, temporary(out.Credentials), func(in *sts.AssumeRoleInput) { in.RoleArn = &next })
	}
	closed := a.AddRole(awsfake.Role{Name: "next", Account: "210987654321", Principals: []string{"arn:aws:iam::123456789012:user/alice"}})
	in := a.input()
	in.RoleArn = &closed
	_, err := client(a.Fake, temporary(out.Credentials)).AssumeRole(t.Context(), in)
	refused(t, err, 403, "AccessDenied", "User: "+*out.AssumedRoleUser.Arn+" is not authorized")
}

// TestEveryActionIsListedOnce keeps the list of actions in order and whole.
func TestEveryActionIsListedOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, action := range []string{
		"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity",
		"GetCallerIdentity", "GetFederationToken", "GetSessionToken",
	} {
		_, got := rawCall(t, f, keys{id: "AKIANOBODY", secret: "x"}, "sts", url.Values{"Action": {action}}, nil)
		if strings.Contains(got, "InvalidAction") {
			t.Errorf("%s is not there: %s", action, got)
		}
	}
	_, got := rawCall(t, f, keys{id: "AKIANOBODY", secret: "x"}, "sts", url.Values{"Action": {"DecodeAuthorizationMessage"}}, nil)
	if !strings.Contains(got, "<Code>InvalidAction</Code>") {
		t.Errorf("an action that is not there: %s", got)
	}
}

// TestKeysAreApart: users have keys of their own, and names make users once.
func TestKeysAreApart(t *testing.T) {
	t.Parallel()
	f := start(t)
	var ids []string
	for _, user := range []string{"alice", "alice", "bob"} {
		arn := f.AddUser(user)
		k := longLived(f.AddKey(user))
		who := identity(t, f, k)
		if *who.Arn != arn || len(k.id) != 20 || !strings.HasPrefix(k.id, "AKIA") || len(k.secret) != 40 {
			t.Errorf("%s has %s, %s", user, k.id, *who.Arn)
		}
		if slices.Contains(ids, k.id) {
			t.Errorf("%s was given out twice", k.id)
		}
		ids = append(ids, k.id)
		f.DeactivateKey("AKIANOBODY")
	}
}
