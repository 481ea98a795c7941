package creds

import "testing"

func TestRoleOf(t *testing.T) {
	t.Parallel()
	want := Role{"aws", "123456789012", "RoleA"}
	for arn, ok := range map[string]bool{
		"arn:aws:iam::123456789012:role/RoleA":          true,
		"arn:aws:iam::123456789012:role/team/x/RoleA":   true,
		"arn:aws:iam::123456789012:role/":               false,
		"arn:aws:iam::123456789012:user/RoleA":          false,
		"arn:aws:sts::123456789012:role/RoleA":          false,
		"arn:aws:sts::123456789012:assumed-role/RoleA":  false,
		"aws:iam::123456789012:role/RoleA":              false,
		"RoleA":                                         false,
		"":                                              false,
		"arn:aws:sts::123456789012:assumed-role/RoleA/": false,
	} {
		got, is := RoleOf(arn)
		if is != ok || is && got != want {
			t.Errorf("%s: %+v, %v", arn, got, is)
		}
	}
}

func TestRoleOfSession(t *testing.T) {
	t.Parallel()
	want := Role{"aws-cn", "123456789012", "RoleA"}
	for arn, ok := range map[string]bool{
		"arn:aws-cn:sts::123456789012:assumed-role/RoleA/me":   true,
		"arn:aws-cn:sts::123456789012:assumed-role/RoleA":      false,
		"arn:aws-cn:sts::123456789012:assumed-role//me":        false,
		"arn:aws-cn:sts::123456789012:assumed-role/x/RoleA/me": false,
		"arn:aws-cn:sts::123456789012:federated-user/RoleA":    false,
		"arn:aws-cn:iam::123456789012:role/RoleA":              false,
		"": false,
	} {
		got, is := RoleOfSession(arn)
		if is != ok || is && got != want {
			t.Errorf("%s: %+v, %v", arn, got, is)
		}
	}
}

func TestAmongRoles(t *testing.T) {
	t.Parallel()
	roles := []string{"no role", "", "arn:aws:iam::123456789012:role/team/RoleA"}
	for arn, want := range map[string]bool{
		"arn:aws:iam::123456789012:role/RoleA":    true,
		"arn:aws:iam::123456789012:role/a/RoleA":  true,
		"arn:aws:iam::123456789013:role/RoleA":    false,
		"arn:aws-cn:iam::123456789012:role/RoleA": false,
		"arn:aws:iam::123456789012:role/rolea":    false,
		"no role":                                 false,
		"":                                        false,
	} {
		if AmongRoles(arn, roles) != want {
			t.Errorf("%s: %v", arn, !want)
		}
	}
	if !SessionOfRoles("arn:aws:sts::123456789012:assumed-role/RoleA/me", roles) || SessionOfRoles("", roles) ||
		SessionOfRoles("arn:aws:sts::123456789012:assumed-role/RoleB/me", roles) {
		t.Error("a session is told to be of another role")
	}
	if AmongRoles("arn:aws:iam::123456789012:role/RoleA", nil) {
		t.Error("among none")
	}
}
