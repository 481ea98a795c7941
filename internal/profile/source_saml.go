package profile

// readSAML reads a role that is assumed with a SAML assertion, which a
// program prints. The identity provider may be left to the assertion.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html.
func (r *resolver) readSAML(m member) (*Source, error) {
	process, principal := m.get("saml_process"), m.get("saml_principal_arn")
	if !process.isSet() {
		return nil, principal.invalid("stands without saml_process").Fix("add saml_process, the command that prints the assertion")
	}
	if principal.isSet() {
		if err := checkSAMLProviderARN(principal); err != nil {
			return nil, err
		}
	}
	call, err := r.keylessRole(m, process, SAML)
	if err != nil {
		return nil, err
	}
	return &Source{
		Kind: SAML, Profile: m.name, Origin: process.Origin, Role: call,
		Settings: m.collect("saml_process", "saml_principal_arn"), Unavailable: r.untrusted(process),
	}, nil
}
