package profile

import (
	"errors"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

const ssoSignInFiles = `
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-central-1
sso_registration_scopes = sso:account:access, more
[sso-session half]
sso_start_url = https://half.awsapps.com/start
[sso-session odd]
sso_start_url = https://odd.awsapps.com/start
sso_region = Odd_1
[sso-session both]
sso_start_url = https://session.awsapps.com/start
sso_region = eu-west-1
[profile both]
sso_start_url = https://profile.awsapps.com/start
sso_region = eu-west-2
sso_account_id = 123456789012
sso_role_name = r
[profile full]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = r
use_fips_endpoint = true
[profile bare]
sso_session = corp
[profile legacy]
sso_start_url = https://legacy.awsapps.com/start
sso_region = us-gov-west-1
[profile over]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = full
[profile keys]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = s3cr3t
[profile none]
region = eu-west-1
[profile lost]
sso_session = gone
[profile against]
sso_session = corp
sso_region = eu-west-1
[sso-session named]
sso_start_url = https://named.awsapps.com/start
sso_region = eu-west-1
[profile named]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = s3cr3t
`

func TestPlanSSOSignIn(t *testing.T) {
	t.Parallel()
	cfg, err := load2(t, ssoSignInFiles, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct{ profile, session, start, oidc, fails string }{
		"corp":    {"", "corp", "https://corp.awsapps.com/start", "https://oidc.eu-central-1.amazonaws.com", ""},
		"full":    {"full", "corp", "https://corp.awsapps.com/start", "https://oidc-fips.eu-central-1.amazonaws.com", ""},
		"bare":    {"bare", "corp", "https://corp.awsapps.com/start", "https://oidc.eu-central-1.amazonaws.com", ""},
		"legacy":  {"legacy", "", "https://legacy.awsapps.com/start", "https://oidc.us-gov-west-1.amazonaws.com", ""},
		"over":    {"full", "corp", "https://corp.awsapps.com/start", "https://oidc.eu-central-1.amazonaws.com", ""},
		"both":    {"both", "", "https://profile.awsapps.com/start", "https://oidc.eu-west-2.amazonaws.com", ""},
		"named":   {"", "named", "https://named.awsapps.com/start", "https://oidc.eu-west-1.amazonaws.com", ""},
		"half":    {fails: "a sign-in at IAM Identity Center needs sso_region ("},
		"odd":     {fails: "sso_region"},
		"keys":    {fails: `profile "keys": its credentials do not come from IAM Identity Center`},
		"none":    {fails: `profile "none"`},
		"lost":    {fails: "there is no section [sso-session gone]"},
		"against": {fails: "says another sso_region than the profile"},
		"crop":    {fails: `there is neither a profile nor an sso-session "crop": did you mean corp?`},
		"unknown": {fails: "unknown"},
	} {
		s, err := PlanSSOSignIn(cfg, Request{}, name)
		if want.fails != "" {
			var told *fault.Error
			if !errors.As(err, &told) || !strings.Contains(told.Error(), want.fails) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := [4]string{s.Profile, s.Settings["sso_session"].Text, s.Settings["sso_start_url"].Text, s.Endpoints["sso_oidc"].URL}
		if got != [4]string{want.profile, want.session, want.start, want.oidc} || s.Kind != SSO || s.Endpoints["sso"].URL == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if s, err := PlanSSOSignIn(cfg, Request{}, "corp"); err != nil || s.Settings["sso_registration_scopes"].Text != "sso:account:access, more" {
		t.Errorf("the scopes: %v %v", s, err)
	}
}

// TestPlanSSOSignInEndpoint: the variables count for a session without a
// profile, too.
func TestPlanSSOSignInEndpoint(t *testing.T) {
	t.Parallel()
	cfg, err := load2(t, ssoSignInFiles, "")
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) string {
		return map[string]string{"AWS_ENDPOINT_URL_SSO_OIDC": "https://oidc.vpc.example/"}[name]
	}
	for _, name := range []string{"corp", "bare", "full"} {
		s, err := PlanSSOSignIn(cfg, Request{Env: env}, name)
		if name == "full" {
			if err == nil || !strings.Contains(err.Error(), "FIPS") {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || s.Endpoints["sso_oidc"].URL != "https://oidc.vpc.example" {
			t.Errorf("%s: %+v %v", name, s, err)
		}
	}
}

func TestPlanSSOPortal(t *testing.T) {
	t.Parallel()
	cfg, err := load2(t, ssoSignInFiles, "")
	if err != nil {
		t.Fatal(err)
	}
	s, err := PlanSSOPortal(cfg, Request{Profile: "keys"}, "https://x.awsapps.com/start", "ap-east-1")
	if err != nil || s.Endpoints["sso"].URL != "https://portal.sso.ap-east-1.amazonaws.com" || s.Profile != "" {
		t.Errorf("%+v %v", s, err)
	}
	for _, region := range []string{"", "evil.example/", "EU_WEST"} {
		if _, err := PlanSSOPortal(cfg, Request{}, "https://x.awsapps.com/start", region); err == nil {
			t.Errorf("%q is no region", region)
		}
	}
}

func TestSSOLoginCommand(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"dev": "assume-role sso login dev", "odd name": "assume-role sso login 'odd name'"} {
		if got := SSOLoginCommand(name); got != want {
			t.Errorf("%s", got)
		}
	}
}
