package assume

import "assume-role/internal/fault"

// samlRows are AWS's errors about assertions
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html).
// They come before those that other calls share.
func samlRows() []row {
	const attributes = "https://aws.amazon.com/SAML/Attributes/"
	all := []row{
		{text: "RoleSessionName is required", silent: true,
			say: advice("have the identity provider send the attribute " + attributes + "RoleSessionName, 2 to 64 characters")},
		{text: "signature invalid", silent: true,
			say: advice("the identity provider signs with a key that IAM does not know: update its metadata: aws iam update-saml-provider")},
		{text: "required audience", silent: true,
			say: advice("the assertion is not for AWS: its audience must be https://signin.aws.amazon.com/saml, or what the role's trust policy names")},
		{text: "Issuer not present", say: advice("the assertion is of another identity provider than saml_principal_arn's: correct it")},
		{text: "provider doesn't exist", say: advice("correct saml_principal_arn: aws iam list-saml-providers")},
		{codes: []string{"ExpiredToken", "ExpiredTokenException"}, silent: true,
			say: advice("the assertion has expired, AWS takes it for 5 minutes: try again, and check the identity provider's clock")},
		{text: "Not authorized to perform sts:AssumeRoleWithSAML", silent: true,
			say: advice("see that the role exists, that its trust policy names the provider and allows sts:AssumeRoleWithSAML (sts:TagSession and sts:SetSourceIdentity where the assertion has tags or an identity), and that the assertion has a NameID")},
		{codes: []string{"InvalidIdentityToken", "InvalidIdentityTokenException"}, say: advice("correct what the identity provider sends, or run saml_process anew")},
	}
	for i := range all {
		all[i].when, all[i].at = bySAML, assertionOrigin
	}
	return all
}

func bySAML(f *failure) bool { return f.name == "AssumeRoleWithSAML" }

// assertionOrigin is the line of role_arn, else of saml_process.
func assertionOrigin(f *failure) fault.Origin { return f.origin("role_arn") }
