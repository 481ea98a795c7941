package revoke

import (
	"strings"
	"testing"
)

func TestParseSubject(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]Subject{
		"arn:aws:iam::123456789012:role/admin":              {Partition: "aws", Account: "123456789012", Path: "/", Name: "admin"},
		"arn:aws-cn:iam::123456789012:role/a/b/deploy":      {Partition: "aws-cn", Account: "123456789012", Path: "/a/b/", Name: "deploy"},
		"arn:aws:iam::123456789012:user/team/token-app":     {User: true, Partition: "aws", Account: "123456789012", Path: "/team/", Name: "token-app"},
		"arn:aws-us-gov:iam::123456789012:role/x_+=,.@-9AZ": {Partition: "aws-us-gov", Account: "123456789012", Path: "/", Name: "x_+=,.@-9AZ"},
	} {
		want.ARN = arn
		if got, err := ParseSubject(arn); err != nil || got != want {
			t.Errorf("%s: %+v, %v", arn, got, err)
		}
	}
}

func TestParseSubjectRefuses(t *testing.T) {
	t.Parallel()
	for _, arn := range []string{
		"", "admin", "arn:aws:iam::123456789012:role", "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/path/",
		"arn:aws:iam::12345678901:role/admin", "arn:aws:iam::12345678901x:role/admin", "arn:aws:iam:us-east-1:123456789012:role/admin",
		"arn::iam::123456789012:role/admin", "arn:a b:iam::123456789012:role/admin", "arn:aws\x1b:iam::123456789012:role/admin", "arn:aws:sts::123456789012:assumed-role/admin/me", "arn:aws:iam::123456789012:root",
		"arn:aws:iam::123456789012:group/admins", "arn:aws:iam::123456789012:role/ad*min", "arn:aws:iam::123456789012:role/pa\nth/admin",
		"arn:aws:iam::123456789012:role/" + strings.Repeat("a", 129), "arn:aws:iam::123456789012:role/ädmin",
	} {
		if got, err := ParseSubject(arn); err == nil {
			t.Errorf("%q is taken: %+v", arn, got)
		}
	}
}

// GetCallerIdentity shows a role without its path.
func TestOwns(t *testing.T) {
	t.Parallel()
	role, err := ParseSubject("arn:aws:iam::123456789012:role/team/deploy")
	if err != nil {
		t.Fatal(err)
	}
	for caller, want := range map[string]bool{
		"arn:aws:sts::123456789012:assumed-role/deploy/me":    true,
		"arn:aws:sts::123456789012:assumed-role/deployer/me":  false,
		"arn:aws:sts::210987654321:assumed-role/deploy/me":    false,
		"arn:aws-cn:sts::123456789012:assumed-role/deploy/me": false,
		"arn:aws:iam::123456789012:user/deploy":               false,
	} {
		if got := role.Owns(caller); got != want {
			t.Errorf("%s: %v", caller, got)
		}
	}
	if user := (Subject{User: true, Partition: "aws", Account: "123456789012", Name: "deploy"}); user.Owns("arn:aws:sts::123456789012:assumed-role/deploy/me") {
		t.Error("a user has no sessions of a role")
	}
}

func TestUserOf(t *testing.T) {
	t.Parallel()
	got, err := UserOf("arn:aws:iam::123456789012:user/team/alice")
	if err != nil || got.Name != "alice" || !got.User {
		t.Errorf("%+v, %v", got, err)
	}
	for caller, want := range map[string]string{
		"arn:aws:iam::123456789012:root":                  "no policy can deny anything to root's sessions",
		"arn:aws:sts::123456789012:federated-user/Bob":    "AWS does not say which IAM user made them: name the user",
		"arn:aws:sts::123456789012:assumed-role/admin/me": "the chain does not begin with an IAM user's keys",
		"arn:aws:iam::123456789012:role/admin":            "the chain does not begin with an IAM user's keys",
	} {
		if _, err := UserOf(caller); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", caller, err)
		}
	}
}

func TestEditable(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"arn:aws:iam::123456789012:role/admin":                                                                                        "",
		"arn:aws:iam::123456789012:role/service-role/lambda":                                                                          "",
		"arn:aws:iam::123456789012:user/AWSServiceRoleForNobody":                                                                      "",
		"arn:aws:iam::123456789012:role/MyAWSServiceRoleForX":                                                                         "",
		"arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling":                      "service-linked role",
		"arn:aws:iam::123456789012:role/AWSServiceRoleForAutoScaling":                                                                 "service-linked role",
		"arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef": "in Identity Center remove the user's assignment",
		"arn:aws:iam::123456789012:role/AWSReservedSSO_AdministratorAccess_0123456789abcdef":                                          "in Identity Center remove the user's assignment",
	} {
		s, err := ParseSubject(arn)
		if err != nil {
			t.Fatal(err)
		}
		switch err := s.Editable(); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", arn, err)
		}
	}
	if text := OfIdentityCenter("Admins", "123456789012").Error(); !strings.Contains(text, "AWSReservedSSO_Admins_") || !strings.Contains(text, "aws:TokenIssueTime") {
		t.Error(text)
	}
}

func FuzzParseSubject(f *testing.F) {
	for _, seed := range []string{"arn:aws:iam::123456789012:role/a/b", "arn:aws:iam::123456789012:user/u", "arn:::::", "", "arn:aws:iam::123456789012:role//"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, arn string) {
		s, err := ParseSubject(arn)
		if err != nil {
			return
		}
		if again := "arn:" + s.Partition + ":iam::" + s.Account + ":" + s.Kind() + s.Path + s.Name; again != arn {
			t.Errorf("%q became %q", arn, again)
		}
	})
}
