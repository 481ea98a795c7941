package awsfake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"assume-role/internal/awsfake"
)

func TestCalls(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.assume(t, a.keys, func(in *sts.AssumeRoleInput) {
		in.SerialNumber, in.TokenCode = &a.device.Serial, aws.String("000001")
	})
	_, _ = client(a.Fake, keys{id: "AKIANOBODY", secret: "x"}).GetCallerIdentity(t.Context(), nil)
	host := strings.TrimPrefix(a.URL(), "http://")
	want := []awsfake.Call{{
		Action: "AssumeRole", AccessKeyID: a.id, Caller: "arn:aws:iam::123456789012:user/alice",
		Region: "eu-west-1", Service: "sts", Host: host, Status: 200,
		Params: map[string]string{
			"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": a.role, "RoleSessionName": "alice@host",
			"SerialNumber": a.device.Serial, "TokenCode": "***",
		},
	}, {
		Action: "GetCallerIdentity", AccessKeyID: "AKIANOBODY", Region: "eu-west-1", Service: "sts", Host: host,
		Status: 403, Code: "InvalidClientTokenId",
		Params: map[string]string{"Action": "GetCallerIdentity", "Version": "2011-06-15"},
	}}
	if d := cmp.Diff(want, a.Calls(), cmpopts.IgnoreFields(awsfake.Call{}, "Time", "UserAgent")); d != "" {
		t.Error(d)
	}
	if agent := a.Calls()[0].UserAgent; !strings.Contains(agent, "aws-sdk-go-v2/") {
		t.Errorf("User-Agent %q", agent)
	}
	a.Calls()[0].Params["RoleArn"] = "changed"
	if a.Calls()[0].Params["RoleArn"] != a.role {
		t.Error("Calls hands out its own map")
	}
	if a.Count("AssumeRole") != 1 || a.Count("") != 2 || a.Count("GetSessionToken") != 0 {
		t.Errorf("counts: %d %d", a.Count("AssumeRole"), a.Count(""))
	}
}

// TestSecrets: everything that must not leak is listed, so that a scan for
// leaks can find it.
func TestSecrets(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	k := a.session(t, true)
	rootID, root := a.AddRootKey()
	all := a.Secrets()
	for name, secret := range map[string]string{
		"user's key": a.secret, "session's key": k.secret, "token": k.token, "root's key": root.Reveal(),
		"seed": a.device.Seed().Reveal(), "JWT": a.AddWebIdentity(awsfake.WebIdentity{}).Reveal(),
		"assertion": a.AddSAMLAssertion(awsfake.SAMLAssertion{}).Reveal(),
	} {
		if !slices.Contains(all, secret) && !slices.Contains(a.Secrets(), secret) {
			t.Errorf("%s is not listed", name)
		}
	}
	if slices.Contains(all, rootID) {
		t.Error("an access key id is no secret")
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	f := start(t, awsfake.Options{Account: "210987654321", Partition: "aws-cn", TokenLength: 4096})
	if arn := f.AddUser("bob"); arn != "arn:aws-cn:iam::210987654321:user/bob" {
		t.Errorf("AddUser = %s", arn)
	}
	if arn := f.AddRole(awsfake.Role{Name: "r", Partition: "aws-us-gov"}); arn != "arn:aws-us-gov:iam::210987654321:role/r" {
		t.Errorf("AddRole = %s", arn)
	}
	out, err := client(f, longLived(f.AddKey("bob"))).GetSessionToken(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(*out.Credentials.SessionToken); n != 4096 {
		t.Errorf("a token of %d bytes", n)
	}
}
