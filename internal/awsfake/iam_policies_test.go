package awsfake_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"assume-role/internal/awsfake"
)

// iamClient is the AWS SDK's own, with one attempt a call.
func iamClient(f *awsfake.Fake, k keys, more ...func(*iam.Options)) *iam.Client {
	return iam.New(iam.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String(f.URL()), Retryer: aws.NopRetryer{},
		HTTPSignerV4: signer{f.Now}, HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: k.id, SecretAccessKey: k.secret, SessionToken: k.token}, nil
		}),
	}, more...)
}

const denyAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"]}]}`

// denyOlder denies everything to sessions from before a moment.
func denyOlder(at time.Time) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":["*"],"Resource":["*"],"Condition":{"DateLessThan":{"aws:TokenIssueTime":"` + at.Format(time.RFC3339) + `"}}}]}`
}

// putRole puts a policy on alice's role, which must work.
func (a alice) putRole(t *testing.T, name, document string) {
	t.Helper()
	_, err := iamClient(a.Fake, a.keys).PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("admin"), PolicyName: &name, PolicyDocument: &document})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRolePolicies(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	c := iamClient(a.Fake, a.keys)
	role := aws.String("admin")
	document := "{\"Version\": \"2012-10-17\",\n\t\"Statement\": {\"Effect\": \"Deny\", \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::a+b%~é/*\"}}"
	a.putRole(t, "AWSRevokeOlderSessions", document)
	a.putRole(t, "another", denyAll[:len(denyAll)-1]+" }")
	got, err := c.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: role, PolicyName: aws.String("AWSRevokeOlderSessions")})
	if err != nil {
		t.Fatal(err)
	}
	text, err := url.PathUnescape(*got.PolicyDocument)
	if err != nil || text != document || strings.ContainsAny(*got.PolicyDocument, "+ {}\":/\n") {
		t.Errorf("the document came back as %q, %v", *got.PolicyDocument, err)
	}
	list, err := c.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: role})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"AWSRevokeOlderSessions", "another"}, list.PolicyNames); d != "" || list.IsTruncated {
		t.Error(d)
	}
	if d := cmp.Diff(map[string]string{"AWSRevokeOlderSessions": document, "another": denyAll[:len(denyAll)-1] + " }"}, a.Policies(a.role)); d != "" {
		t.Error(d)
	}
	for range 2 {
		_, err = c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: aws.String("another")})
	}
	refused(t, err, 404, "NoSuchEntity", "The role policy with name another cannot be found.")
	if len(a.Policies(a.role)) != 1 || a.Count("DeleteRolePolicy") != 2 {
		t.Errorf("left: %v", a.Policies(a.role))
	}
}

func TestUserPolicies(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.AddUser("team/bob")
	c := iamClient(a.Fake, a.keys)
	in := &iam.PutUserPolicyInput{UserName: aws.String("bob"), PolicyName: aws.String("p"), PolicyDocument: aws.String(denyAll)}
	if _, err := c.PutUserPolicy(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{UserName: aws.String("bob"), PolicyName: aws.String("p")})
	if err != nil || *got.UserName != "bob" || a.Policies("arn:aws:iam::123456789012:user/team/bob")["p"] != denyAll {
		t.Errorf("got %v, %v", got, err)
	}
	list, err := c.ListUserPolicies(t.Context(), &iam.ListUserPoliciesInput{UserName: aws.String("bob")})
	if err != nil || len(list.PolicyNames) != 1 {
		t.Errorf("got %v, %v", list, err)
	}
	for range 2 {
		_, err = c.DeleteUserPolicy(t.Context(), &iam.DeleteUserPolicyInput{UserName: aws.String("bob"), PolicyName: aws.String("p")})
	}
	refused(t, err, 404, "NoSuchEntity", "The user policy with name p cannot be found.")
	in.UserName = aws.String("team")
	_, err = c.PutUserPolicy(t.Context(), in)
	refused(t, err, 404, "NoSuchEntity", "The user with name team cannot be found.")
}

// TestDeniedByTheRole: what a policy denies to a role's sessions is denied in
// STS and in IAM, in AWS's words; who they are is still answered.
func TestDeniedByTheRole(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out := a.assume(t, a.keys, nil)
	old := temporary(out.Credentials)
	a.Advance(time.Minute)
	a.putRole(t, "AWSRevokeOlderSessions", denyOlder(a.Now()))
	who := "User: " + *out.AssumedRoleUser.Arn + " is not authorized to perform: "
	const because = " with an explicit deny in an identity-based policy"
	_, err := client(a.Fake, old).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", who+"sts:AssumeRole on resource: "+a.role+because)
	_, err = iamClient(a.Fake, old).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("admin")})
	refused(t, err, 403, "AccessDenied", who+"iam:GetRole on resource: role admin"+because)
	_, err = client(a.Fake, old).GetSessionToken(t.Context(), nil)
	refused(t, err, 403, "AccessDenied", who+"sts:GetSessionToken"+because)
	identity(t, a.Fake, old)

	a.Advance(2 * time.Second)
	young := temporary(a.assume(t, a.keys, nil).Credentials)
	a.assume(t, young, nil)
	if _, err := iamClient(a.Fake, young).DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: aws.String("admin"), PolicyName: aws.String("AWSRevokeOlderSessions")}); err != nil {
		t.Fatal(err)
	}
	a.assume(t, old, nil)
}

// TestDeniedByTheUser: a date in a user's policy ends sessions, not keys.
func TestDeniedByTheUser(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	session := a.session(t, true)
	federated, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	if err != nil {
		t.Fatal(err)
	}
	role := temporary(a.assume(t, session, nil).Credentials)
	a.Advance(time.Minute)
	a.PutPolicy(a.AddUser("alice"), "AWSRevokeOlderSessions", denyOlder(a.Now()))
	_, err = client(a.Fake, session).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole on resource: "+a.role+" with an explicit deny")
	_, err = client(a.Fake, temporary(federated.Credentials)).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "federated-user/bob is not authorized to perform: sts:AssumeRole on resource: "+a.role+" with an explicit deny")
	a.assume(t, a.keys, nil)
	a.assume(t, role, nil)
	a.assume(t, a.session(t, true), nil)
}
