package profile

import "strings"

// samlKeys are the settings of which one shows that a profile's role is assumed
// with a SAML assertion.
func samlKeys() []string { return []string{"saml_process", "saml_principal_arn"} }

// readSAML reads a role that is assumed with a SAML assertion, which a
// program prints. The identity provider may be left to the assertion, and so
// may the role: it is then the one that the assertion offers, or the one of
// several that a person chooses.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html.
func (r *resolver) readSAML(m member) (*Source, error) {
	process, principal := m.get("saml_process"), m.get("saml_principal_arn")
	if !process.isSet() {
		return nil, principal.invalid("stands without saml_process").Fix("add saml_process, the command that prints the assertion")
	}
	call, err := r.samlRole(m, principal)
	if err != nil {
		return nil, err
	}
	return &Source{
		Kind: SAML, Profile: m.name, Origin: process.Origin, Role: call,
		Settings: m.collect(samlKeys()...), Unavailable: r.untrusted(process),
	}, nil
}

// samlRole is the call that the assertion is for. Its role and the provider,
// where both are named, must go together.
func (r *resolver) samlRole(m member, principal given) (*Call, error) {
	arn := m.get("role_arn")
	call := &Call{Kind: SAML, Profile: m.name, RoleARN: arn.Text, Settings: originsOf(arn)}
	if arn.isSet() {
		if err := checkRoleARN(arn); err != nil {
			return nil, err
		}
		if strings.Contains(arn.Text, "/AWSReservedSSO_") {
			return nil, arn.invalid("is a role of IAM Identity Center, which takes no assertion of others").Fix("use sso_session, sso_account_id and sso_role_name")
		}
	}
	if !principal.isSet() {
		return call, nil
	}
	if err := checkSAMLProviderARN(principal); err != nil {
		return nil, err
	}
	if arn.isSet() && partitionOfARN(arn.Text) != partitionOfARN(principal.Text) {
		return nil, principal.invalid("is of another partition than role_arn").Fix("name the provider that the role trusts")
	}
	return call, nil
}
