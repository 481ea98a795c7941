package profile

import "testing"

func TestSplitDomain(t *testing.T) {
	t.Parallel()
	for host, want := range map[string][2]string{
		"sts.eu-west-1.amazonaws.com":                 {"sts.eu-west-1", "us-east-1"},
		"IAM.amazonaws.com.":                          {"iam", "us-east-1"},
		"iam.us-gov.amazonaws.com":                    {"iam.us-gov", "us-gov-west-1"},
		"sts.us-gov-east-1.amazonaws.com":             {"sts.us-gov-east-1", "us-gov-west-1"},
		"us-gov-data.s3.amazonaws.com":                {"us-gov-data.s3", "us-east-1"},
		"route53.amazonaws.com.cn":                    {"route53", "cn-northwest-1"},
		"ec2.eu-west-1.api.aws":                       {"ec2.eu-west-1", "us-east-1"},
		"ec2.cn-north-1.api.amazonwebservices.com.cn": {"ec2.cn-north-1", "cn-northwest-1"},
		"sts.eusc-de-east-1.amazonaws.eu":             {"sts.eusc-de-east-1", "eusc-de-east-1"},
		"sts.us-iso-east-1.c2s.ic.gov":                {"sts.us-iso-east-1", "us-iso-east-1"},
	} {
		before, global, ok := SplitDomain(host)
		if !ok || [2]string{before, global} != want {
			t.Errorf("%s: %s, %s, %v", host, before, global, ok)
		}
	}
	for _, host := range []string{"", "amazonaws.com", ".amazonaws.com", "xamazonaws.com", "amazonaws.com.evil.example", "localhost"} {
		if before, _, ok := SplitDomain(host); ok {
			t.Errorf("%q: %s", host, before)
		}
	}
}

func TestSTSAddress(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]Endpoint{
		"https://sts.eu-west-1.amazonaws.com":         {Partition: "aws", Region: "eu-west-1"},
		"https://sts.us-east-1.amazonaws.com":         {Partition: "aws", Region: "us-east-1", Legacy: true},
		"https://sts-fips.us-east-1.amazonaws.com":    {Partition: "aws", Region: "us-east-1", FIPS: true},
		"https://sts.eu-west-1.api.aws":               {Partition: "aws", Region: "eu-west-1", DualStack: true},
		"https://sts.us-gov-west-1.amazonaws.com":     {Partition: "aws-us-gov", Region: "us-gov-west-1", FIPS: true},
		"https://sts.cn-northwest-1.amazonaws.com.cn": {Partition: "aws-cn", Region: "cn-northwest-1"},
		"https://sts.eusc-de-east-1.amazonaws.eu":     {Partition: "aws-eusc", Region: "eusc-de-east-1"},
		"http://127.0.0.1:4566":                       {URL: "http://127.0.0.1:4566/", Partition: "aws", Region: "eu-west-1"},
	} {
		if got := e.STSAddress(); got != want {
			t.Errorf("%+v: %s, not %s", e, got, want)
		}
	}
}
