package revoke

import (
	"strings"
	"testing"
)

var (
	admin = Subject{ARN: "arn:aws:iam::123456789012:role/team/admin", Partition: "aws", Account: "123456789012", Path: "/team/", Name: "admin"}
	app   = Subject{ARN: "arn:aws:iam::123456789012:user/token-app", User: true, Partition: "aws", Account: "123456789012", Path: "/", Name: "token-app"}
)

func TestSessionsCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		of   Subject
		s    Sessions
		want string
	}{
		{admin, Sessions{}, ""},
		{admin, Sessions{Name: "alice@host"}, ""},
		{admin, Sessions{Name: strings.Repeat("a", 64)}, ""},
		{admin, Sessions{Name: strings.Repeat("a", 65)}, "2 to 64"},
		{admin, Sessions{Name: "*"}, "--session-name \"*\" is not what a session can have"},
		{admin, Sessions{Name: "ma*"}, "2 to 64"},
		{admin, Sessions{Name: "ma?y"}, "2 to 64"},
		{admin, Sessions{Name: "a:b"}, "2 to 64"},
		{admin, Sessions{Name: "${aws:userid}"}, "2 to 64"},
		{admin, Sessions{SourceIdentity: "carol"}, ""},
		{admin, Sessions{SourceIdentity: "*"}, "--source-identity"},
		{admin, Sessions{Name: "mary", SourceIdentity: "carol"}, "exclude each other"},
		{app, Sessions{Name: "Bob"}, ""},
		{app, Sessions{Name: strings.Repeat("a", 33)}, "2 to 32"},
		{app, Sessions{SourceIdentity: "carol"}, "those of a user have none"},
	} {
		err := tc.s.Check(tc.of)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%+v of %s: %v", tc.s, tc.of.Name, err)
		}
	}
}

// IAM takes 128 characters of its alphabet, and no kind's name may be
// another's.
func TestPolicyNames(t *testing.T) {
	t.Parallel()
	seen := map[string]Sessions{}
	longest := strings.Repeat("a", 64)
	for _, s := range []Sessions{{}, {Name: "mary"}, {SourceIdentity: "mary"}, {Name: "Mary"}, {Name: longest}, {SourceIdentity: longest}} {
		name := s.PolicyName()
		if !isName(name, 1, 128) {
			t.Errorf("%+v: %q is no policy's name", s, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("%+v and %+v share %q", s, other, name)
		}
		seen[name] = s
	}
	if got := (Sessions{}).PolicyName(); got != "AWSRevokeOlderSessions" {
		t.Errorf("the console's policy is not called %q", got)
	}
}

func TestWhich(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Sessions{
		"all sessions": {}, "the sessions named mary": {Name: "mary"}, "the sessions with the source identity carol": {SourceIdentity: "carol"},
	} {
		if got := s.Which(); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
