package assume

import (
	"testing"

	"assume-role/internal/profile"
)

func TestAddress(t *testing.T) {
	t.Parallel()
	for want, endpoint := range map[string]profile.Endpoint{
		"https://sts.eu-west-1.amazonaws.com":       {Region: "eu-west-1"},
		"https://sts.amazonaws.com":                 {Region: "us-east-1", Legacy: true},
		"https://sts-fips.us-east-2.amazonaws.com":  {Region: "us-east-2", FIPS: true},
		"https://sts.eu-central-1.api.aws":          {Region: "eu-central-1", DualStack: true},
		"https://sts.cn-north-1.amazonaws.com.cn":   {Region: "cn-north-1"},
		"https://sts.us-gov-west-1.amazonaws.com":   {Region: "us-gov-west-1", FIPS: true},
		"https://sts.eusc-de-east-1.amazonaws.eu":   {Region: "eusc-de-east-1"},
		"http://localhost:4566":                     {Region: "eu-west-1", URL: "http://localhost:4566"},
		"https://vpce-1.sts.eu-west-1.example.test": {Region: "eu-west-1", URL: "https://vpce-1.sts.eu-west-1.example.test"},
	} {
		if got, err := Address(endpoint); err != nil || got != want {
			t.Errorf("%+v: %q, %v; want %q", endpoint, got, err, want)
		}
	}
	if got, err := Address(profile.Endpoint{Region: "eu-west-1", FIPS: true, URL: "https://h"}); err == nil {
		t.Errorf("FIPS at an address of one's own is %q", got)
	}
}
