package iam

import (
	"context"
	"errors"
	"strings"
	"testing"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// wireRow is one of AWS's errors as it comes over the wire, and the one line
// that a user gets of it, after the profile's name and the operation.
type wireRow struct {
	status        int
	code, message string
	is            error
	want          string
}

// wireRows are the errors of PutRolePolicy in the IAM API reference, "Errors"
// and "CommonErrors", with AWS's own codes, statuses and texts; those of access
// denied are from the page on troubleshooting them.
func wireRows() []wireRow {
	const who = "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: iam:PutRolePolicy on resource: role ops"
	denied := func(why, want string) wireRow {
		return wireRow{403, "AccessDenied", who + why, ErrDenied, "AccessDenied: " + who + why + " (~/.aws/credentials:2): " + want}
	}
	const admin, mfa = ": ask who administers the account", " (if it does so without MFA, set mfa_serial)"
	return []wireRow{
		denied("", "ask who administers the account for the permission iam:PutRolePolicy on role/ops"),
		denied(" because no identity-based policy allows the iam:PutRolePolicy action", "no identity-based policy allows the caller iam:PutRolePolicy on role/ops"+admin+" for it"),
		denied(" because no permissions boundary allows the iam:PutRolePolicy action", "no permissions boundary allows the caller iam:PutRolePolicy on role/ops"+admin+" for it"),
		denied(" because no service control policy allows the iam:PutRolePolicy action", "no service control policy allows the caller iam:PutRolePolicy on role/ops"+admin+" for it"),
		denied(" because no session policy allows the iam:PutRolePolicy action", "no session policy allows the caller iam:PutRolePolicy on role/ops"+admin+" for it"),
		denied(" with an explicit deny in an identity-based policy", "an identity-based policy denies iam:PutRolePolicy on role/ops"+mfa+admin),
		denied(" with an explicit deny in a permissions boundary", "a permissions boundary denies iam:PutRolePolicy on role/ops"+mfa+admin),
		denied(" with an explicit deny in a service control policy: arn:aws:organizations::1:policy/o-1/service_control_policy/p-1", "a service control policy denies iam:PutRolePolicy on role/ops"+mfa+admin),
		denied(" with an explicit deny in a session policy", "a session policy denies iam:PutRolePolicy on role/ops"+mfa+admin),
		denied(" with an explicit deny in a VPC endpoint policy", "a VPC endpoint policy denies iam:PutRolePolicy on role/ops"+mfa+admin),
		denied(" with an explicit deny in something new", "ask who administers the account for the permission iam:PutRolePolicy on role/ops"),
		{404, "NoSuchEntity", "The role with name ops cannot be found.", ErrNotFound,
			"NoSuchEntity: The role with name ops cannot be found (~/.aws/credentials:2): see that it is in the caller's account, and that nobody removed it meanwhile"},
		{409, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role ops", ErrLimit,
			"LimitExceeded: Maximum policy size of 10240 bytes exceeded for role ops (~/.aws/credentials:2): AWS limits the characters of all inline policies of role/ops together: remove one that is no longer needed, or make it a managed policy"},
		{400, "MalformedPolicyDocument", "Syntax errors in policy.", ErrMalformed,
			"MalformedPolicyDocument: Syntax errors in policy (~/.aws/credentials:2): this is a mistake of this tool: please report it with the policy"},
		{400, "UnmodifiableEntity", "Cannot perform the operation on the protected role 'ops' - this role is only modifiable by AWS", ErrUnmodifiable,
			"UnmodifiableEntity: Cannot perform the operation on the protected role 'ops' - this role is only modifiable by AWS (~/.aws/credentials:2): only the service that owns the role may change it: end what uses it in that service"},
		{409, "ConcurrentModification", "Another one is under way.", ErrBusy,
			"ConcurrentModification: Another one is under way (~/.aws/credentials:2): another change is under way, or IAM is asked too often: try again in a minute"},
		{400, "Throttling", "Rate exceeded", ErrBusy,
			"Throttling (~/.aws/credentials:2): another change is under way, or IAM is asked too often: try again in a minute"},
		{403, "ExpiredToken", "The security token included in the request is expired", nil,
			"ExpiredToken (~/.aws/credentials:2): the credentials that signed it (${KEY}) have expired: put new ones into the profile base"},
		{403, "SignatureDoesNotMatch", "The request signature we calculated does not match: ${SECRET}", nil,
			"SignatureDoesNotMatch (~/.aws/credentials:2): the secret of key ${KEY} is wrong: look for a missing character, a blank or a comment at its end"},
		{400, "SomethingElse", "What ${SECRET} is this.\nReally?", nil,
			"SomethingElse: What *** is this. Really? (~/.aws/credentials:2): look up the code in the IAM API reference, or see --debug for the request id"},
	}
}

func TestErrorsOverTheWire(t *testing.T) {
	t.Parallel()
	for _, row := range wireRows() {
		t.Run(row.code+" "+row.message, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			text := strings.NewReplacer("${SECRET}", w.keys.SecretAccessKey.Reveal(), "${KEY}", w.keys.AccessKeyID)
			_, err := w.at(w.answering(row.status, row.code, text.Replace(row.message))).PutRolePolicy(context.Background(), "ops", "P", "{}")
			if row.is == nil {
				row.is = err
			}
			w.says(err, row.is)
			if want := `profile "admin": PutRolePolicy on role/ops failed with ` + text.Replace(row.want); err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if !hasCode(err, row.code) {
				t.Errorf("AWS's error is lost: %#v", err)
			}
		})
	}
}

// Each error is of one kind at most.
func TestKindsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kinds := []error{ErrNotFound, ErrDenied, ErrLimit, ErrMalformed, ErrUnmodifiable, ErrBusy, ErrSession, ErrNoUser, ErrOutcomeUnknown}
	for _, row := range wireRows() {
		_, err := w.at(w.answering(row.status, row.code, row.message)).PutRolePolicy(context.Background(), "ops", "P", "{}")
		for _, kind := range kinds {
			if errors.Is(err, kind) != (kind == row.is) {
				t.Errorf("%s is %v", row.code, kind)
			}
		}
	}
}

// The permission that is missing is named for every operation.
func TestDenied(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), context.Background()
	w.aws.DenyIAM("arn:aws:iam::123456789012:user/alice", "iam:*")
	w.aws.AddRole(awsfake.Role{Name: "ops"})
	c := w.client()
	second := func(_ any, err error) error { return err }
	third := func(_ any, _ bool, err error) error { return err }
	for permission, err := range map[string]error{
		"iam:GetRolePolicy on role/ops":                third(c.RolePolicy(ctx, "ops", "P")),
		"iam:PutRolePolicy on role/ops":                second(c.PutRolePolicy(ctx, "ops", "P", awkward)),
		"iam:DeleteRolePolicy on role/ops":             c.DeleteRolePolicy(ctx, "ops", "P"),
		"iam:GetRole on role/ops":                      second(c.Role(ctx, "ops")),
		"iam:GetUser on the caller's own user":         second(c.User(ctx, "")),
		"iam:GetUserPolicy on user/alice":              third(c.UserPolicy(ctx, "alice", "P")),
		"iam:PutUserPolicy on user/alice":              second(c.PutUserPolicy(ctx, "alice", "P", awkward)),
		"iam:DeleteUserPolicy on user/alice":           c.DeleteUserPolicy(ctx, "alice", "P"),
		"iam:ListAccessKeys on user/alice":             second(c.Keys(ctx, "alice")),
		"iam:CreateAccessKey on the caller's own user": second(c.CreateKey(ctx, "")),
		"iam:UpdateAccessKey on the caller's own user": c.SetKeyActive(ctx, "", w.keys.AccessKeyID, false),
		"iam:DeleteAccessKey on the caller's own user": c.DeleteKey(ctx, "", w.keys.AccessKeyID),
		"iam:ListMFADevices on the caller's own user":  second(c.Devices(ctx, "")),
	} {
		w.says(err, ErrDenied, permission, "no identity-based policy allows the caller")
	}
}

// Only who signs without MFA may be denied for that.
func TestDeniedWithASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	url := w.answering(403, "AccessDenied", "no, with an explicit deny in an identity-based policy")
	for _, temporary := range []bool{true, false} {
		c := w.at(url)
		if temporary {
			c.caller.SessionToken = "token"
		}
		_, err := c.Role(context.Background(), "ops")
		w.says(err, ErrDenied, "an identity-based policy denies iam:GetRole on role/ops")
		if strings.Contains(err.Error(), "mfa_serial") == temporary {
			t.Errorf("temporary %v: %v", temporary, err)
		}
	}
}

func TestUnmodifiable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.AddRole(awsfake.Role{Name: "aws-service-role/x.amazonaws.com/AWSServiceRoleForX"})
	_, err := w.client().PutRolePolicy(context.Background(), "AWSServiceRoleForX", "P", awkward)
	w.says(err, ErrUnmodifiable, "role/AWSServiceRoleForX")
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.aws.AddRole(awsfake.Role{Name: "ops"})
	document := strings.Replace(awkward, `"Sid": "a"`, `"Sid": "`+strings.Repeat("a", 10240)+`"`, 1)
	_, err := w.client().PutRolePolicy(context.Background(), "ops", "P", document)
	w.says(err, ErrLimit, "role/ops")
	_, err = w.client().PutRolePolicy(context.Background(), "ops", "P", "{")
	w.says(err, ErrMalformed, "role/ops")
}

// Where no answer comes, the line names the host, and it is not STS's.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for url, words := range map[string]string{
		"http://iam.invalid":       "GetRole on role/ops failed: iam.invalid: there is no host iam.invalid",
		w.answeringText("<html>"):  "GetRole on role/ops failed: 127.0.0.1",
		w.answering(500, "X", "x"): "it answered 500 Internal Server Error (~/.aws/credentials:2): try again later",
	} {
		_, err := w.at(url).Role(context.Background(), "ops")
		w.says(err, cache.ErrUnreachable, words)
	}
}

// An endpoint that AWS's rules do not have is not asked; the line names IAM.
func TestNeverAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", URL: w.aws.URL(), FIPS: true}}
	_, err := New(w.assumer, &chain, w.keys).Role(context.Background(), "ops")
	w.says(err, err, "FIPS")
	chain.Services = nil
	_, err = New(w.assumer, &chain, w.keys).Role(context.Background(), "ops")
	w.says(err, err, "GetRole on role/ops failed: IAM in")
	if n := len(w.aws.Calls()); n != 0 {
		t.Errorf("%d calls", n)
	}
}

// A CA bundle that cannot be read stops the call, in the profile's name.
func TestBundle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", CABundle: t.TempDir() + "/none", CABundleAt: fault.Origin{Path: "~/.aws/config", Line: 9}}}
	_, err := New(w.assumer, &chain, w.keys).Role(context.Background(), "ops")
	w.says(err, err, "the CA bundle", "(~/.aws/config:9)")
}

// FuzzRefusal gives any code and text to what explains them: the line is one
// line, keeps AWS's code in reach, and never shows the secret.
func FuzzRefusal(f *testing.F) {
	for _, row := range wireRows() {
		f.Add(row.code, row.message)
	}
	f.Add("InvalidClientTokenId", "because no ")
	f.Add("AccessDenied", "with an explicit deny in ")
	f.Add("AccessDenied", "with an explicit deny in a")
	f.Fuzz(func(t *testing.T, code, text string) {
		c := &Client{chain: &profile.Chain{Profile: "admin"}, caller: creds.Credentials{AccessKeyID: "AKIA", SecretAccessKey: "s"}}
		told := fault.New("", "GetRole failed with %s: %s", "X", fault.OneLine(text)).In("admin").Because(apiError{code, text})
		err := c.explain(request{name: "GetRole", on: "role/ops"}, told)
		if !hasCode(err, code) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q, %q: %v", code, text, err)
		}
	})
}
