package profile

import "testing"

// The hosts that botocore's endpoint-rule-set of each service makes, but for
// sign-in in the European sovereign cloud, whose console has a domain of its
// own.
func TestServiceHosts(t *testing.T) {
	t.Parallel()
	const plain, fips, dual, both = 0, 1, 2, 3
	for _, tc := range []struct {
		service, region string
		variant         int
		want            string
	}{
		{"sso", "us-east-1", plain, "portal.sso.us-east-1.amazonaws.com"},
		{"sso", "us-east-1", fips, "portal.sso-fips.us-east-1.amazonaws.com"},
		{"sso", "us-east-1", dual, "portal.sso.us-east-1.api.aws"},
		{"sso", "us-east-1", both, "portal.sso-fips.us-east-1.api.aws"},
		{"sso", "us-gov-west-1", plain, "portal.sso.us-gov-west-1.amazonaws.com"},
		{"sso", "us-gov-west-1", fips, "portal.sso.us-gov-west-1.amazonaws.com"},
		{"sso", "us-gov-west-1", both, "portal.sso-fips.us-gov-west-1.api.aws"},
		{"sso", "cn-north-1", plain, "portal.sso.cn-north-1.amazonaws.com.cn"},
		{"sso", "cn-north-1", dual, "portal.sso.cn-north-1.api.amazonwebservices.com.cn"},
		{"sso", "eusc-de-east-1", plain, "portal.sso.eusc-de-east-1.amazonaws.eu"},
		{"sso", "us-iso-east-1", plain, "portal.sso.us-iso-east-1.c2s.ic.gov"},
		{"sso_oidc", "eu-central-1", plain, "oidc.eu-central-1.amazonaws.com"},
		{"sso_oidc", "eu-central-1", fips, "oidc-fips.eu-central-1.amazonaws.com"},
		{"sso_oidc", "us-gov-east-1", fips, "oidc.us-gov-east-1.amazonaws.com"},
		{"sso_oidc", "us-isob-east-1", dual, "oidc.us-isob-east-1.api.aws.scloud"},
		{"signin", "eu-west-1", plain, "eu-west-1.signin.aws.amazon.com"},
		{"signin", "cn-north-1", plain, "cn-north-1.signin.amazonaws.cn"},
		{"signin", "us-gov-west-1", plain, "us-gov-west-1.signin.amazonaws-us-gov.com"},
		{"signin", "eusc-de-east-1", plain, "eusc-de-east-1.signin.amazonaws-eusc.eu"},
		{"signin", "us-iso-east-1", plain, "signin.us-iso-east-1.c2s.ic.gov"},
		{"signin", "us-gov-west-1", fips, "signin-fips.us-gov-west-1.amazonaws.com"},
		{"signin", "eu-west-1", dual, "signin.eu-west-1.api.aws"},
		{"signin", "eu-west-1", both, "signin-fips.eu-west-1.api.aws"},
	} {
		hosts := ssoHosts()
		if tc.service == "signin" {
			hosts = signinHosts()
		}
		name, _ := partitionOf(tc.region)
		if got := hosts[tc.service](partitionNamed(name), tc.region, tc.variant&fips > 0, tc.variant&dual > 0); got != tc.want {
			t.Errorf("%s in %s, variant %d: %s, not %s", tc.service, tc.region, tc.variant, got, tc.want)
		}
	}
}

// A region that AWS's naming does not cover is taken for a commercial one, as
// the SDKs do.
func TestServiceInAnUnknownRegion(t *testing.T) {
	t.Parallel()
	if got := partitionNamed("aws-new").host("oidc", "xx-east-1", false, false); got != "oidc.xx-east-1.amazonaws.com" {
		t.Error(got)
	}
}
