package profile

import (
	"errors"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

const signInFiles = `
[default]
region = eu-west-1
[profile mine]
login_session = arn:aws:iam::123456789012:user/alice
[profile china]
region = cn-north-1
[profile included]
include_profile = default
[profile sso]
sso_session = corp
[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = mine
[profile leftover]
source_profile = mine
[profile process]
credential_process = echo
[profile source]
credential_source = Environment
[profile token]
web_identity_token_file = /t
[profile assertion]
saml_process = echo
[profile odd]
region = Eu_West
[profile tls]
ca_bundle = /roots.pem
[profile both]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = both
login_session = arn:aws:iam::123456789012:user/alice
credential_process = echo
[profile behind]
sso_session = corp
login_session = arn:aws:iam::123456789012:user/alice
[profile own]
services = mine
[services mine]
signin =
  endpoint_url = https://signin.example.com/
`

func planSignIn(t *testing.T, name string, change func(*Request)) (*SignIn, error) {
	t.Helper()
	cfg, err := load2(t, signInFiles, "[keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s3cr3t\n")
	if err != nil {
		t.Fatal(err)
	}
	req := Request{Profile: name, StoredKey: func(profile string) (string, bool) { return "AKIA", profile == "stored" }}
	if change != nil {
		change(&req)
	}
	return PlanSignIn(cfg, req)
}

// TestPlanSignIn: where to sign in, and whether the profile says so itself.
func TestPlanSignIn(t *testing.T) {
	t.Parallel()
	inEnv := func(req *Request) {
		req.Env = func(name string) string { return map[string]string{"AWS_REGION": "us-west-2"}[name] }
	}
	byFlag := func(req *Request) { req.Overrides.Region = "eu-south-1" }
	for _, c := range []struct {
		profile    string
		change     func(*Request)
		region     string
		regionless bool
		url        string
	}{
		{"default", nil, "eu-west-1", false, "https://eu-west-1.signin.aws.amazon.com"},
		{"mine", nil, "", true, "https://us-east-1.signin.aws.amazon.com"},
		{"mine", inEnv, "us-west-2", true, "https://us-west-2.signin.aws.amazon.com"},
		{"mine", byFlag, "eu-south-1", true, "https://eu-south-1.signin.aws.amazon.com"},
		{"new", byFlag, "eu-south-1", true, "https://eu-south-1.signin.aws.amazon.com"},
		{"new", nil, "", true, "https://us-east-1.signin.aws.amazon.com"},
		{"china", nil, "cn-north-1", false, "https://cn-north-1.signin.amazonaws.cn"},
		{"included", nil, "eu-west-1", false, "https://eu-west-1.signin.aws.amazon.com"},
		{"own", byFlag, "eu-south-1", true, "https://signin.example.com"},
	} {
		got, err := planSignIn(t, c.profile, c.change)
		if err != nil {
			t.Errorf("%s: %v", c.profile, err)
			continue
		}
		url := got.Source.Endpoints["signin"].URL
		if got.Region != c.region || got.Regionless != c.regionless || url != c.url || got.Source.Profile != c.profile || got.Source.Kind != Login {
			t.Errorf("%s: %q %v %s %+v", c.profile, got.Region, got.Regionless, url, got.Source)
		}
	}
}

func TestPlanSignInSaysWhoSignedIn(t *testing.T) {
	t.Parallel()
	got, err := planSignIn(t, "mine", nil)
	if err != nil {
		t.Fatal(err)
	}
	if s := got.Source.Settings["login_session"]; s.Text != "arn:aws:iam::123456789012:user/alice" || s.Origin.Line != 5 {
		t.Errorf("%+v", s)
	}
	if got, err = planSignIn(t, "tls", nil); err != nil || got.Source.Endpoints["signin"].CABundle != "/roots.pem" || got.Source.Settings["login_session"].Text != "" {
		t.Errorf("%+v %v", got, err)
	}
}

// TestPlanSignInAgain: whatever a login_session comes before, its profile can be
// signed in to again.
func TestPlanSignInAgain(t *testing.T) {
	t.Parallel()
	got, err := planSignIn(t, "both", nil)
	if err != nil || got.Source.Settings["login_session"].Text == "" {
		t.Errorf("%+v %v", got, err)
	}
}

// TestPlanSignInRefuses: every other way to credentials is named, and so are
// the commands for it.
func TestPlanSignInRefuses(t *testing.T) {
	t.Parallel()
	for name, sign := range map[string]string{
		"sso": "sso_session", "role": "role_arn", "leftover": "source_profile", "process": "credential_process", "source": "credential_source",
		"token": "web_identity_token_file", "assertion": "saml_process", "keys": "aws_access_key_id", "behind": "sso_session",
	} {
		_, err := planSignIn(t, name, nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.TwoSources || f.Profile != name || f.Origin.Line == 0 || strings.Contains(f.Error(), "s3cr3t") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(f.Message, sign) || !strings.Contains(f.Hint, "assume-role console "+name) || !strings.Contains(f.Hint, "assume-role sso login "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := planSignIn(t, "stored", nil); err == nil || !strings.Contains(err.Error(), "not from `aws login`") {
		t.Errorf("keys in the key store: %v", err)
	}
	if _, err := planSignIn(t, "odd", nil); err == nil || !strings.Contains(err.Error(), `"Eu_West" is not a region`) {
		t.Errorf("a region: %v", err)
	}
	other := func(req *Request) { req.Overrides.Region = "us-east-1" }
	if _, err := planSignIn(t, "china", other); err == nil || !strings.Contains(err.Error(), "is cn-north-1, where the session would be refreshed, and --region says us-east-1") {
		t.Errorf("two regions: %v", err)
	}
}
