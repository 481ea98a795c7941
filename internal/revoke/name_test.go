package revoke

import (
	"strings"
	"testing"
)

func TestParseName(t *testing.T) {
	t.Parallel()
	mary := Sessions{Name: "mary"}
	for _, tc := range []struct {
		arn        string
		which      Sessions
		name, arn2 string
		want       Sessions
		err        string
	}{
		{"arn:aws:iam::123456789012:role/team/admin", mary, "admin", "arn:aws:iam::123456789012:role/team/admin", mary, ""},
		{"arn:aws:iam::123456789012:user/app", Sessions{}, "app", "arn:aws:iam::123456789012:user/app", Sessions{}, ""},
		{"arn:aws-cn:sts::123456789012:assumed-role/admin/mary", Sessions{}, "admin", "arn:aws-cn:iam::123456789012:role/admin", mary, ""},
		{"arn:aws:sts::123456789012:federated-user/mary", Sessions{}, "", "", mary, ""},
		{"arn:aws:sts::123456789012:assumed-role/admin/mary", mary, "", "", mary, "is one session already"},
		{"arn:aws:sts::123456789012:assumed-role/admin", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:sts::12345678901:federated-user/mary", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:sts::123456789012:assumed-role/a*/mary", Sessions{}, "", "", mary, "is not a session's ARN"},
		{`arn:a"b:sts::123456789012:federated-user/mary`, Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		// Without a name, or with a pattern, they would mean more than one.
		{"arn:aws:sts::123456789012:assumed-role/admin/", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:sts::123456789012:federated-user/", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:sts::123456789012:assumed-role/admin/m*", Sessions{}, "", "", Sessions{}, "is not what a session can have"},
		{"arn:aws:sts::123456789012:assumed-role/admin/a/b", Sessions{}, "", "", Sessions{}, "is not what a session can have"},
		{"arn:aws:sts::123456789012:federated-user/a/b", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:sts:eu-west-1:123456789012:assumed-role/admin/mary", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"urn:aws:sts::123456789012:assumed-role/admin/mary", Sessions{}, "", "", Sessions{}, "is not a session's ARN"},
		{"arn:aws:s3:::bucket", Sessions{}, "", "", Sessions{}, "neither a role's ARN"},
	} {
		s, which, err := ParseName(tc.arn, tc.which)
		if tc.err != "" {
			if err == nil || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s: %v", tc.arn, err)
			}
			continue
		}
		if err != nil || s.Name != tc.name || s.ARN != tc.arn2 || which != tc.want {
			t.Errorf("%s: %+v, %+v, %v", tc.arn, s, which, err)
		}
	}
}

func TestIdentified(t *testing.T) {
	t.Parallel()
	if err := admin.Identified(Sessions{}); err != nil {
		t.Error(err)
	}
	bob := Subject{User: true, Partition: "aws", Account: "123456789012"}
	want := "name the user: assume-role revoke arn:aws:iam::123456789012:user/NAME --session-name Bob --using PROFILE"
	if err := bob.Identified(Sessions{Name: "Bob"}); err == nil || !strings.Contains(err.Error(), want) {
		t.Error(err)
	}
}
