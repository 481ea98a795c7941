package awsfake_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
)

func TestAssumeRoleWithWebIdentity(t *testing.T) {
	t.Parallel()
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "ci", Principals: []string{"https://ci.test"}})
	token := f.AddWebIdentity(awsfake.WebIdentity{Issuer: "https://ci.test", Subject: "repo:me", SourceIdentity: "me"})
	try := func(token creds.Secret, change func(*sts.AssumeRoleWithWebIdentityInput)) (*sts.AssumeRoleWithWebIdentityOutput, error) {
		in := &sts.AssumeRoleWithWebIdentityInput{RoleArn: &role, RoleSessionName: aws.String("job-1"), WebIdentityToken: aws.String(token.Reveal())}
		if change != nil {
			change(in)
		}
		return client(f, keys{}).AssumeRoleWithWebIdentity(t.Context(), in)
	}
	out, err := try(token, nil)
	if err != nil {
		t.Fatal(err)
	}
	if *out.SubjectFromWebIdentityToken != "repo:me" || *out.Provider != "ci.test" || *out.Audience != "sts.amazonaws.com" || *out.SourceIdentity != "me" {
		t.Errorf("got %v %v %v %v", *out.SubjectFromWebIdentityToken, *out.Provider, *out.Audience, *out.SourceIdentity)
	}
	if who := identity(t, f, temporary(out.Credentials)); *who.Arn != *out.AssumedRoleUser.Arn {
		t.Errorf("GetCallerIdentity = %s", *who.Arn)
	}
	if c := f.Calls()[0]; c.AccessKeyID != "" || c.Caller != "" || c.Params["WebIdentityToken"] != "***" {
		t.Errorf("the unsigned call was noted as %+v", c)
	}

	_, err = try("no-jwt-at-all", nil)
	refused(t, err, 400, "InvalidIdentityToken", "is not a valid JWT")
	_, err = try("a.b.c", nil)
	refused(t, err, 400, "InvalidIdentityToken", "Couldn't retrieve verification key")
	_, err = try(f.AddWebIdentity(awsfake.WebIdentity{Issuer: "https://ci.test", Audience: "https://github.com/me"}), nil)
	refused(t, err, 400, "InvalidIdentityToken", "Incorrect token audience")
	_, err = try(f.AddWebIdentity(awsfake.WebIdentity{}), nil)
	refused(t, err, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) { in.DurationSeconds = aws.Int32(3601) })
	refused(t, err, 400, "ValidationError", "exceeds the MaxSessionDuration")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) { in.RoleSessionName = aws.String("a b") })
	refused(t, err, 400, "ValidationError", "at 'roleSessionName'")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) { in.ProviderId = aws.String("x") })
	refused(t, err, 400, "ValidationError", "at 'providerId'")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) { in.Policy = aws.String(strings.Repeat("a", 2049)) })
	refused(t, err, 400, "ValidationError", "less than or equal to 2048")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) { in.Policy = aws.String("{}") })
	refused(t, err, 400, "MalformedPolicyDocument", "Syntax errors in policy.")
	_, err = try(token, func(in *sts.AssumeRoleWithWebIdentityInput) {
		in.WebIdentityToken = aws.String(strings.Repeat("a", 20001))
	})
	refused(t, err, 400, "ValidationError", "at 'webIdentityToken'")
	f.Advance(time.Hour)
	_, err = try(token, nil)
	refused(t, err, 400, "ExpiredTokenException", "Token expired")
}

func TestAssumeRoleWithSAML(t *testing.T) {
	t.Parallel()
	const provider = "arn:aws:iam::123456789012:saml-provider/idp"
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "staff", Principals: []string{provider}})
	other := f.AddRole(awsfake.Role{Name: "other"})
	assertion := awsfake.SAMLAssertion{SessionName: "alice", Provider: provider, Roles: []string{role}, SessionNotOnOrAfter: f.Now().Add(30 * time.Minute)}
	try := func(a creds.Secret, role, provider string) (*sts.AssumeRoleWithSAMLOutput, error) {
		return client(f, keys{}).AssumeRoleWithSAML(t.Context(), &sts.AssumeRoleWithSAMLInput{
			RoleArn: &role, PrincipalArn: &provider, SAMLAssertion: aws.String(a.Reveal()),
		})
	}
	good := f.AddSAMLAssertion(assertion)
	out, err := try(good, role, provider)
	if err != nil {
		t.Fatal(err)
	}
	if *out.AssumedRoleUser.Arn != "arn:aws:sts::123456789012:assumed-role/staff/alice" || *out.Subject != "alice" {
		t.Errorf("got %s %s", *out.AssumedRoleUser.Arn, *out.Subject)
	}
	if left := out.Credentials.Expiration.Sub(f.Now()); left > 30*time.Minute {
		t.Errorf("%v left, past SessionNotOnOrAfter", left)
	}
	if xml, err := base64.StdEncoding.DecodeString(good.Reveal()); err != nil || !strings.Contains(string(xml), role+","+provider) {
		t.Errorf("the assertion does not name the role and its provider: %s %v", xml, err)
	}

	_, err = try("bm90IHNhbWw=", role, provider)
	refused(t, err, 400, "InvalidIdentityToken", "Invalid base64 SAMLResponse")
	_, err = try(good, other, provider)
	refused(t, err, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
	_, err = try(good, role, provider+"2")
	refused(t, err, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
	_, err = try(f.AddSAMLAssertion(awsfake.SAMLAssertion{Provider: provider, Roles: []string{role}}), role, provider)
	refused(t, err, 400, "InvalidIdentityToken", "RoleSessionName is required in AuthnResponse")
	closed := f.AddRole(awsfake.Role{Name: "closed", Principals: []string{"arn:aws:iam::123456789012:saml-provider/else"}})
	_, err = try(f.AddSAMLAssertion(awsfake.SAMLAssertion{SessionName: "alice", Provider: provider, Roles: []string{closed}}), closed, provider)
	refused(t, err, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
	open := f.AddSAMLAssertion(awsfake.SAMLAssertion{SessionName: "alice", Provider: provider, Roles: []string{other}})
	_, err = try(open, other, provider+"2")
	refused(t, err, 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML")
	_, err = client(f, keys{}).AssumeRoleWithSAML(t.Context(), &sts.AssumeRoleWithSAMLInput{
		RoleArn: &role, PrincipalArn: aws.String(provider), SAMLAssertion: aws.String(good.Reveal()),
		Policy: aws.String(strings.Repeat("a", 2049)),
	})
	refused(t, err, 400, "ValidationError", "less than or equal to 2048")
	f.Advance(5 * time.Minute)
	_, err = try(good, role, provider)
	refused(t, err, 400, "ExpiredTokenException", "within 5 minutes")
}

// TestSAMLAssertions: what AWS refuses in an assertion, and the forms that it
// takes.
func TestSAMLAssertions(t *testing.T) {
	t.Parallel()
	const provider = "arn:aws:iam::123456789012:saml-provider/idp"
	f := start(t)
	role := f.AddRole(awsfake.Role{Name: "staff", Principals: []string{provider}})
	assertion := func(change func(*awsfake.SAMLAssertion)) creds.Secret {
		a := awsfake.SAMLAssertion{SessionName: "alice", Provider: provider, Roles: []string{role}}
		change(&a)
		return f.AddSAMLAssertion(a)
	}
	try := func(a creds.Secret) error {
		_, err := client(f, keys{}).AssumeRoleWithSAML(t.Context(), &sts.AssumeRoleWithSAMLInput{
			RoleArn: &role, PrincipalArn: aws.String(provider), SAMLAssertion: aws.String(a.Reveal()),
		})
		return err
	}
	text := func(a creds.Secret) string {
		xml, _ := base64.StdEncoding.DecodeString(a.Reveal())
		return string(xml)
	}
	forged := creds.Secret(base64.StdEncoding.EncodeToString([]byte(`<samlp:Response/>`)))
	refused(t, try(forged), 400, "InvalidIdentityToken", "Response signature invalid")
	stale := assertion(func(a *awsfake.SAMLAssertion) { a.StaleKey = true })
	refused(t, try(stale), 400, "InvalidIdentityToken", "Response signature invalid")
	elsewhere := assertion(func(a *awsfake.SAMLAssertion) { a.Audience = "https://else.test" })
	refused(t, try(elsewhere), 400, "InvalidIdentityToken", "does not contain the required audience")
	turned := assertion(func(a *awsfake.SAMLAssertion) { a.ProviderFirst = true })
	if err := try(turned); err != nil || !strings.Contains(text(turned), provider+","+role) {
		t.Errorf("with the provider first: %v %s", err, text(turned))
	}
	hidden := assertion(func(a *awsfake.SAMLAssertion) { a.Encrypted = true })
	if err := try(hidden); err != nil || strings.Contains(text(hidden), role) {
		t.Errorf("encrypted: %v %s", err, text(hidden))
	}
}
