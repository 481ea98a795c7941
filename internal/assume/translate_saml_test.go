package assume

import (
	"strings"
	"testing"

	"assume-role/internal/creds"
)

// samlAnswers are AWS's errors about assertions, in the order of samlRows, and
// what a user must be told.
func samlAnswers() []answer {
	return []answer{
		{"InvalidIdentityToken", "RoleSessionName is required in AuthnResponse", []string{"SAML/Attributes/RoleSessionName"}},
		{"InvalidIdentityToken", "Response signature invalid (service: AWSSecurityTokenService; status code: 400)", []string{"update-saml-provider"}},
		{"InvalidIdentityToken", "Response does not contain the required audience.", []string{"https://signin.aws.amazon.com/saml"}},
		{"InvalidOpenIdToken", "Issuer not present in specified provider", []string{"Issuer not present", "saml_principal_arn"}},
		{"AuthSamlManifestNotFoundException", "Specified provider doesn't exist", []string{"list-saml-providers"}},
		{"ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance", []string{"assertion has expired", "5 minutes"}},
		{"AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", []string{"trust policy", "sts:TagSession", "NameID"}},
		{"InvalidIdentityToken", "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}", []string{"must match"}},
	}
}

func (a answer) ofSAML() *failure {
	f := a.failure()
	f.name, f.signer = "AssumeRoleWithSAML", creds.Credentials{}
	return f
}

func TestSAMLRows(t *testing.T) {
	t.Parallel()
	for i, a := range samlAnswers() {
		f := a.ofSAML()
		if !samlRows()[i].fits(f) {
			t.Errorf("%s is not row %d's", a.text, i)
		}
		err := f.refused().Error()
		for _, word := range append(a.words, a.code, "AssumeRoleWithSAML of arn:r", "config:7") {
			if !strings.Contains(err, word) {
				t.Errorf("%q is not in: %s", word, err)
			}
		}
	}
}

// What is not about assertions keeps its own advice.
func TestSAMLRowsLeaveTheOthers(t *testing.T) {
	t.Parallel()
	for _, a := range []answer{
		{"AccessDenied", "User: x is not authorized to perform: sts:TagSession with an explicit deny in a policy", []string{"denies it outright"}},
		{"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", []string{"--duration"}},
		{"MalformedPolicyDocument", "Syntax errors in policy.", []string{"Version and Statement"}},
	} {
		if err := a.ofSAML().refused().Error(); !strings.Contains(err, a.words[0]) {
			t.Errorf("%q is not in: %s", a.words[0], err)
		}
	}
}
