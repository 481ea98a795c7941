package profile

import "testing"

func TestSTSCalls(t *testing.T) {
	t.Parallel()
	for want, endpoint := range map[string]Endpoint{
		"https://sts.eu-west-1.amazonaws.com":       {Region: "eu-west-1"},
		"https://sts.amazonaws.com":                 {Region: "us-east-1", Legacy: true},
		"https://sts-fips.us-east-2.amazonaws.com":  {Region: "us-east-2", FIPS: true, Legacy: true},
		"https://sts.eu-central-1.api.aws":          {Region: "eu-central-1", DualStack: true},
		"https://sts.cn-north-1.amazonaws.com.cn":   {Region: "cn-north-1", Partition: "aws-cn"},
		"https://sts.us-gov-west-1.amazonaws.com":   {Region: "us-gov-west-1", Partition: "aws-us-gov", FIPS: true},
		"https://sts.eusc-de-east-1.amazonaws.eu":   {Region: "eusc-de-east-1", Partition: "aws-eusc"},
		"http://localhost:4566":                     {Region: "eu-west-1", URL: "http://localhost:4566/", Legacy: true},
		"https://vpce-1.sts.eu-west-1.example.test": {Region: "eu-west-1", URL: "https://vpce-1.sts.eu-west-1.example.test"},
	} {
		if got := endpoint.STSCalls(); got != want {
			t.Errorf("%+v: %q, want %q", endpoint, got, want)
		}
	}
	for _, endpoint := range []Endpoint{{Region: "eu-west-1", URL: "https://h", FIPS: true}, {Region: "eu-west-1", URL: "https://h", DualStack: true}} {
		if got := endpoint.STSCalls(); got != "" {
			t.Errorf("a variant of an address of one's own is %q", got)
		}
	}
}
