package profile

import (
	"fmt"
	"strings"
	"testing"
)

// TestConfigured: whose word counts, the profile's or a variable's.
func TestConfigured(t *testing.T) {
	t.Parallel()
	cfg := mustLoad(t, `[default]
region = eu-central-1
[profile p]
region = eu-west-1
retry_mode = adaptive
ca_bundle = /own.pem
services = s
role_arn = arn:aws:iam::123456789012:role/r
role_session_name = mine
source_profile = p
[profile plain]
[services s]
s3 =
  endpoint_url = http://localhost:4566
`, "[p]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
	for name, tc := range map[string]struct {
		req  Request
		env  string
		want string
	}{
		"nothing set": {Request{Profile: "p"}, "",
			"ca_bundle:6=/own.pem region:4=eu-west-1 retry_mode:5=adaptive role_session_name:9=mine s3.endpoint_url:14=http://localhost:4566"},
		"variables first": {Request{Profile: "p"}, "AWS_REGION=us-east-1\nAWS_RETRY_MODE=standard\nAWS_ENDPOINT_URL=http://x\nAWS_MAX_ATTEMPTS=2",
			"ca_bundle:6=/own.pem endpoint_url<AWS_ENDPOINT_URL max_attempts<AWS_MAX_ATTEMPTS region:4<AWS_REGION retry_mode:5<AWS_RETRY_MODE role_session_name:9=mine s3.endpoint_url:14<AWS_ENDPOINT_URL"},
		"some yield": {Request{Profile: "p"}, "AWS_ROLE_SESSION_NAME=other\nREQUESTS_CA_BUNDLE=/requests.pem\nAWS_MFA_SERIAL=GAHT12345678",
			"ca_bundle:6=/own.pem mfa_serial<AWS_MFA_SERIAL region:4=eu-west-1 retry_mode:5=adaptive role_session_name:9=mine s3.endpoint_url:14=http://localhost:4566"},
		"the service's own variable": {Request{Profile: "p"}, "AWS_ENDPOINT_URL_S3=http://s3\nAWS_CA_BUNDLE=/env.pem",
			"ca_bundle:6<AWS_CA_BUNDLE region:4=eu-west-1 retry_mode:5=adaptive role_session_name:9=mine s3.endpoint_url:14<AWS_ENDPOINT_URL_S3"},
		"inside a session, whose variables yield": {Request{Profile: "p", Inside: "q"},
			"AWS_REGION=us-east-1\nASSUME_ROLE_SET=AWS_REGION,AWS_RETRY_MODE\nAWS_RETRY_MODE=standard",
			"ca_bundle:6=/own.pem region:4=eu-west-1 retry_mode:5=adaptive role_session_name:9=mine s3.endpoint_url:14=http://localhost:4566"},
		"inside a session, no region of its own": {Request{Profile: "plain", Inside: "q"},
			"AWS_REGION=us-east-1\nASSUME_ROLE_SET=AWS_REGION", "region<AWS_REGION"},
		"a role's ARN": {Request{Profile: "arn:aws:iam::123456789012:role/r"}, "", "region:2=eu-central-1"},
		"unknown":      {Request{Profile: "gone"}, "", "error profile_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.req.Env = func(name string) string { return variable(tc.env, name) }
			got := configuredText(cfg, tc.req)
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// configuredText is one word a setting: NAME:LINE=VALUE, or NAME:LINE<VARIABLE
// where a variable counts.
func configuredText(cfg *Config, req Request) string {
	all, err := cfg.Configured(req)
	if err != nil {
		return "error profile_not_found"
	}
	var words []string
	for _, c := range all {
		word := c.Setting
		if c.Own.Text != "" {
			word = fmt.Sprintf("%s:%d", word, c.Own.Origin.Line)
		}
		if c.Variable != "" {
			word += "<" + c.Variable
		} else {
			word += "=" + c.Own.Text
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}
