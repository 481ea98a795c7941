package awsfake_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

// deny is a policy that denies everything under a condition.
func deny(condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":` + condition + `}]}`
}

// TestPoliciesThatAreNotWellFormed: in AWS's words, or in the fake's where it
// could not enforce what AWS takes.
func TestPoliciesThatAreNotWellFormed(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	c := iamClient(a.Fake, a.keys)
	put := func(document string) error {
		_, err := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("admin"), PolicyName: aws.String("p"), PolicyDocument: &document})
		return err
	}
	statement := func(rest string) string { return `{"Version":"2012-10-17","Statement":[{` + rest + `}]}` }
	for document, text := range map[string]string{
		`{`:                        "This policy contains invalid Json",
		`{"Version":"2012-10-17"}`: "Syntax errors in policy.",
		`[]`:                       "Syntax errors in policy.",
		`{"Version":"2012-10-17","Statement":[]}`:                                                  "Syntax errors in policy.",
		strings.Replace(denyAll, "2012", "2013", 1):                                                "Syntax errors in policy.",
		strings.Replace(denyAll, "Deny", "deny", 1):                                                "Syntax errors in policy.",
		strings.Replace(denyAll, "Version", "Vers", 1):                                             "Syntax errors in policy.",
		statement(`"Effect":"Deny","Action":"*","Resource":"*","Because":"x"`):                     "Syntax errors in policy.",
		statement(`"Effect":"Deny","Resource":"*"`):                                                "Policy statement must contain actions.",
		statement(`"Effect":"Deny","Action":"*"`):                                                  "Policy statement must contain resources.",
		statement(`"Effect":"Deny","Action":"*","Resource":"*","Principal":"*"`):                   "Policy document should not specify a principal.",
		statement(`"Effect":"Allow","Action":"GetRole","Resource":"*"`):                            "Actions/Conditions must be prefaced by a vendor",
		statement(`"Effect":"Deny","Action":"*","Resource":"role/admin"`):                          `Resource role/admin must be in ARN format or "*".`,
		statement(`"Effect":"Deny","NotAction":"iam:*","Resource":"*"`):                            "awsfake does not enforce NotAction",
		statement(`"Effect":"Deny","Action":"*","Resource":"arn:aws:iam::*:user/${aws:username}"`): "awsfake does not enforce policy variables.",
		deny(`{"DateLessThan":{"aws:TokenIssueTime":"yesterday"}}`):                                "Syntax errors in policy.",
		deny(`{"DateGreaterThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}`):                  "awsfake does not enforce DateGreaterThan of aws:TokenIssueTime.",
		deny(`{"StringEquals":{"aws:username":"alice"}}`):                                          "awsfake does not enforce StringEquals of aws:username.",
		deny(`{"StringNotEquals":{"aws:userid":"x"}}`):                                             "awsfake does not enforce StringNotEquals of aws:userid.",
		deny(`{"DateLessThan":{"aws:userid":"2026-01-01T00:00:00Z"}}`):                             "awsfake does not enforce DateLessThan of aws:userid.",
	} {
		refused(t, put(document), 400, "MalformedPolicyDocument", text)
	}
	refused(t, put("{\"Version\":\"☃\"}"), 400, "ValidationError", "at 'policyDocument' failed to satisfy constraint: Member must satisfy regular expression pattern")
	if len(a.Policies(a.role)) != 0 {
		t.Errorf("a policy was put: %v", a.Policies(a.role))
	}
	for _, document := range []string{
		denyAll, strings.Replace(denyAll, `"Version":"2012-10-17",`, "", 1), denyOlder(a.Now()),
		statement(`"Sid":"x","Effect":"Allow","NotAction":["iam:*"],"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`),
		deny(`{"DateLessThan":{"AWS:tokenissuetime":["2026-01-01","1767225600","2026-01-01T00:00Z","2026-01-01T00:00:00.5+01:00"]}}`),
	} {
		if err := put(document); err != nil {
			t.Errorf("%s: %v", document, err)
		}
	}
}

// TestWhatPoliciesDeny: actions, resources and conditions that match, and
// almost.
func TestWhatPoliciesDeny(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	out := a.assume(t, a.keys, func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String("alice@corp") })
	k := temporary(out.Credentials)
	id, issued := *out.AssumedRoleUser.AssumedRoleId, out.Credentials.Expiration.Unix()-3600
	statement := func(action, resource string) string {
		return `{"Statement":{"Effect":"Deny","Action":` + action + `,"Resource":` + resource + `}}`
	}
	for name, tc := range map[string]struct {
		document string
		denied   bool
	}{
		"the action":              {statement(`"sts:AssumeRole"`, `"*"`), true},
		"another case":            {statement(`"STS:assumerole"`, `"*"`), true},
		"wildcards":               {statement(`["s3:*","sts:Assume?ole"]`, `["*"]`), true},
		"another action":          {statement(`["sts:AssumeRoleWith*","iam:*","sts:GetCallerIdentity"]`, `"*"`), false},
		"the resource":            {statement(`"*"`, `"arn:aws:iam::*:role/adm*"`), true},
		"another resource":        {statement(`"*"`, `["arn:aws:iam::*:role/Admin","arn:aws:iam::123456789012:role/admi"]`), false},
		"an Allow":                {strings.Replace(denyAll, "Deny", "Allow", 1), false},
		"older than itself":       {deny(fmt.Sprintf(`{"DateLessThan":{"aws:TokenIssueTime":"%d"}}`, issued)), false},
		"older than a second on":  {deny(fmt.Sprintf(`{"DateLessThan":{"aws:TokenIssueTime":"%d"}}`, issued+1)), true},
		"the user id":             {deny(`{"StringEquals":{"aws:userId":"` + id + `"}}`), true},
		"a case of the user id":   {deny(`{"StringEquals":{"aws:userid":"` + strings.ToLower(id) + `"}}`), false},
		"no wildcards":            {deny(`{"StringEquals":{"aws:userid":"*:alice@host"}}`), false},
		"like the user id":        {deny(`{"StringLike":{"aws:userid":["x","*:alice@host"]}}`), true},
		"the source identity":     {deny(`{"StringEquals":{"aws:SourceIdentity":["alice@corp"]}}`), true},
		"another source identity": {deny(`{"StringEquals":{"aws:SourceIdentity":"bob@corp"}}`), false},
		"the principal":           {deny(`{"ArnEquals":{"aws:PrincipalArn":"` + a.role + `"}}`), true},
		"like the principal":      {deny(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}`), true},
		"the session is not it":   {deny(`{"ArnLike":{"aws:PrincipalArn":"arn:aws:sts::*:assumed-role/*"}}`), false},
		"parts are apart":         {deny(`{"ArnLike":{"aws:PrincipalArn":"arn:*admin"}}`), false},
		"all conditions":          {deny(`{"StringLike":{"aws:userid":"*:alice@host","aws:SourceIdentity":"bob*"}}`), false},
		"both conditions":         {deny(`{"StringLike":{"aws:userid":"*:alice@host"},"StringEquals":{"aws:SourceIdentity":"alice@corp"}}`), true},
	} {
		a.PutPolicy(a.role, "p", tc.document)
		_, err := client(a.Fake, k).AssumeRole(t.Context(), a.input())
		switch {
		case tc.denied:
			refused(t, err, 403, "AccessDenied", "with an explicit deny in an identity-based policy")
		case err != nil:
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestConditionsThatARequestLacks do not hold: keys have no issue time, and
// most sessions no source identity.
func TestConditionsThatARequestLacks(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	user := a.AddUser("alice")
	a.PutPolicy(user, "time", deny(`{"DateLessThan":{"aws:TokenIssueTime":"2999-01-01T00:00:00Z"}}`))
	a.PutPolicy(user, "identity", deny(`{"StringLike":{"aws:SourceIdentity":"*"}}`))
	a.assume(t, a.keys, nil)
	_, err := client(a.Fake, a.session(t, true)).AssumeRole(t.Context(), a.input())
	refused(t, err, 403, "AccessDenied", "explicit deny")
}

// TestFederatedUsersAreDeniedByName: their aws:userid is ACCOUNT:NAME.
func TestFederatedUsersAreDeniedByName(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.PutPolicy(a.AddUser("alice"), "p", deny(`{"StringEquals":{"aws:userid":"123456789012:bob"}}`))
	for name, text := range map[string]string{"bob": "with an explicit deny", "eve": "is not authorized to perform: sts:AssumeRole"} {
		out, err := client(a.Fake, a.keys).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: &name})
		if err != nil {
			t.Fatal(err)
		}
		_, err = client(a.Fake, temporary(out.Credentials)).AssumeRole(t.Context(), a.input())
		refused(t, err, 403, "AccessDenied", text)
		if name == "eve" && strings.Contains(err.Error(), "explicit deny") {
			t.Errorf("eve: %v", err)
		}
	}
}

// TestFederationIsDeniedByName: the resource is the user to be.
func TestFederationIsDeniedByName(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.PutPolicy(a.AddUser("alice"), "p", `{"Statement":{"Effect":"Deny","Action":"sts:GetFederationToken","Resource":"arn:aws:sts::123456789012:federated-user/bob"}}`)
	c := client(a.Fake, a.keys)
	_, err := c.GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("bob")})
	refused(t, err, 403, "AccessDenied", "sts:GetFederationToken on resource: arn:aws:sts::123456789012:federated-user/bob with an explicit deny")
	if _, err = c.GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: aws.String("eve")}); err != nil {
		t.Error(err)
	}
}

// TestPathsOfNames: a user or role with a path is bound by its policies, and so is
// a sign-in of it.
func TestPathsOfNames(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	user, role := a.AddUser("team/bob"), a.AddRole(awsfake.Role{Name: "team/deploy"})
	a.PutPolicy(user, "p", denyOlder(a.Now().Add(time.Minute)))
	a.PutPolicy(role, "p", denyOlder(a.Now().Add(time.Minute)))
	_, err := iamClient(a.Fake, longLived(a.AddKey("team/bob"))).GetUser(t.Context(), nil)
	if err != nil {
		t.Error(err)
	}
	a.PutPolicy(user, "q", deny(`{"ArnEquals":{"aws:PrincipalArn":"`+user+`"}}`))
	_, err = iamClient(a.Fake, longLived(a.AddKey("team/bob"))).GetUser(t.Context(), nil)
	refused(t, err, 403, "AccessDenied", "User: "+user+" is not authorized to perform: iam:GetUser on resource: user bob with an explicit deny")
	for _, who := range []string{user, "arn:aws:sts::123456789012:assumed-role/deploy/bob"} {
		_, err := iamClient(a.Fake, signedInKeys(t, a.AddLogin(who))).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("admin")})
		refused(t, err, 403, "AccessDenied", "User: "+who+" is not authorized to perform: iam:GetRole on resource: role admin with an explicit deny")
	}
}

func TestPolicySizes(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	c := iamClient(a.Fake, a.keys)
	// sized is a policy of n characters that are no white space.
	sized := func(n int) *string {
		document := "{ \"Statement\":\n\t {\"Effect\":\"Deny\",\"Action\":\"s3:\",\"Resource\":\"*\"} }"
		return aws.String(strings.Replace(document, "s3:", "s3:"+strings.Repeat("é", n-len(strings.Join(strings.Fields(document), ""))), 1))
	}
	role := func(name string, n int) error {
		_, err := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("admin"), PolicyName: &name, PolicyDocument: sized(n)})
		return err
	}
	user := func(n int) error {
		_, err := c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("alice"), PolicyName: aws.String("p"), PolicyDocument: sized(n)})
		return err
	}
	for _, err := range []error{role("a", 10000), role("b", 240), role("a", 10000), role("b", 200), user(2048)} {
		if err != nil {
			t.Error(err)
		}
	}
	refused(t, role("b", 241), 409, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role admin")
	refused(t, user(2049), 409, "LimitExceeded", "Maximum policy size of 2048 bytes exceeded for user alice")
	refused(t, role("c", 131073), 400, "ValidationError", "Member must have length less than or equal to 131072")
}

// TestRolesOfAWS: those linked to a service and those of Identity Center can be
// looked at, not changed.
func TestRolesOfAWS(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.AddRole(awsfake.Role{Name: "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"})
	a.AddAssignment("alice", "123456789012", "Admin", 0)
	c := iamClient(a.Fake, a.keys)
	for _, name := range []string{"AWSServiceRoleForECS", "AWSReservedSSO_Admin_0123456789abcdef"} {
		if _, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: &name}); err != nil {
			t.Error(err)
		}
		if _, err := c.ListRolePolicies(t.Context(), &iam.ListRolePoliciesInput{RoleName: &name}); err != nil {
			t.Error(err)
		}
		want := "Cannot perform the operation on the protected role '" + name + "' - this role is only modifiable by AWS"
		_, err := c.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("p"), PolicyDocument: aws.String(denyAll)})
		refused(t, err, 400, "UnmodifiableEntity", want)
		_, err = c.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("p")})
		refused(t, err, 400, "UnmodifiableEntity", want)
	}
}
