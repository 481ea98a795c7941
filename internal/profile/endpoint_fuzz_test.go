package profile

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// FuzzEndpoint gives any text to the variables that say where and how STS is
// called. Either it is refused in one line, or the endpoint is one that a call
// can be made to.
func FuzzEndpoint(f *testing.F) {
	for _, seed := range [][4]string{
		{"eu-west-1", "https://sts.example/x", "true", "3"},
		{"fips-us-east-1", "", "", "1"},
		{"us-gov-west-1-fips", "", "TRUE", ""},
		{"fips-", "", "", ""},
		{"aws-global", "", "false", "100"},
		{"aws-cn-global", "http://u:p@h", "maybe", "-1"},
		{"-", "http://[::1]:99999/?q#f", "", "1e3"},
		{"", "HTTP://X:", "", "0"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	const config = "[profile r]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = k\n"
	cfg := mustLoad(f, config, "[k]\naws_access_key_id = AKIA\naws_secret_access_key = s\n")
	f.Fuzz(func(t *testing.T, region, address, fips, attempts string) {
		env := map[string]string{
			"AWS_REGION": region, "AWS_ENDPOINT_URL_STS": address, "AWS_USE_FIPS_ENDPOINT": fips, "AWS_MAX_ATTEMPTS": attempts,
		}
		chain, err := Resolve(cfg, Request{Profile: "r", Env: func(name string) string { return env[name] }})
		if err != nil {
			var refusal *fault.Error
			if !errors.As(err, &refusal) || refusal.Hint == "" || refusal.Profile != "r" {
				t.Errorf("%#v", err)
			}
			return
		}
		checkEndpoint(t, chain.STS)
	})
}

func checkEndpoint(t *testing.T, e Endpoint) {
	t.Helper()
	if e.Region == "" || strings.Trim(e.Region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Contains(e.Region, "-global") {
		t.Errorf("region %q", e.Region)
	}
	if e.FIPS && (e.URL != "" || !slices.Contains(fipsRegions(), e.Region)) {
		t.Errorf("FIPS at %+v", e)
	}
	if u, err := url.Parse(e.URL); err != nil || e.URL != "" && (u.Hostname() == "" || u.User != nil) {
		t.Errorf("endpoint %q: %v", e.URL, err)
	}
	if e.MaxAttempts < 0 || e.Partition == "" {
		t.Errorf("%+v", e)
	}
}
