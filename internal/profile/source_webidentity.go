package profile

import (
	"assume-role/internal/fault"
)

// webIdentityKeys are the settings that say where an OpenID Connect token
// comes from: a file, as in the SDKs, a program, a variable, a CI service.
func webIdentityKeys() []string {
	return []string{"web_identity_token_file", "web_identity_token_process", "web_identity_token_env", "web_identity_token_source"}
}

// readWebIdentity reads a role that is assumed with a token: a source, since
// the call takes no credentials. A variable never supplies the role.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
func (r *resolver) readWebIdentity(m member) (*Source, error) {
	token, err := oneToken(m)
	if err != nil {
		return nil, err
	}
	if err := checkToken(token); err != nil {
		return nil, err
	}
	call, err := r.keylessRole(m, token, WebIdentity)
	if err != nil {
		return nil, err
	}
	s := &Source{Kind: WebIdentity, Profile: m.name, Origin: token.Origin, Settings: asSettings(token), Role: call}
	if token.name == "web_identity_token_process" {
		s.Unavailable = r.untrusted(token)
	}
	return s, nil
}

func oneToken(m member) (given, error) {
	var token given
	for _, key := range webIdentityKeys() {
		g := m.get(key)
		if g.isSet() && token.isSet() {
			return given{}, twoSources(token, g)
		}
		token = firstSet(token, g)
	}
	return token, nil
}

func checkToken(token given) error {
	switch token.name {
	case "web_identity_token_source":
		return checkChoice(token, "github")
	case "web_identity_token_env":
		return checkName(token, 1, 256, "")
	}
	return nil
}

// keylessRole reads the role of a profile that assumes it without
// credentials, and what shapes the call.
func (r *resolver) keylessRole(m member, by given, kind Kind) (*Call, error) {
	arn := m.get("role_arn")
	if !arn.isSet() {
		return nil, by.wrong(fault.RoleARNMissing, "stands without a role_arn").Fix("add role_arn = arn:aws:iam::ACCOUNT:role/NAME")
	}
	if err := checkRoleARN(arn); err != nil {
		return nil, err
	}
	call := &Call{Kind: kind, Profile: m.name, RoleARN: arn.Text, Settings: originsOf(arn)}
	return call, nil
}

// tokenFileSource reads the web identity that the environment names, as EKS
// and CI services do.
func (r *resolver) tokenFileSource(given) (*Source, error) {
	token := r.env(variableTokenFile)
	arn := firstSet(r.env("AWS_ROLE_ARN"), r.env("AWS_IAM_ROLE_ARN"))
	if !arn.isSet() {
		return nil, token.wrong(fault.RoleARNMissing, "stands without AWS_ROLE_ARN").Fix("set AWS_ROLE_ARN to the role's ARN")
	}
	if err := checkRoleARN(arn); err != nil {
		return nil, err
	}
	settings := map[string]Value{"web_identity_token_file": token.Value, "role_arn": arn.Value}
	return &Source{Kind: WebIdentity, Settings: settings, Role: &Call{Kind: WebIdentity, RoleARN: arn.Text}}, nil
}
