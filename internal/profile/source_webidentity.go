package profile

import (
	"slices"

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
	arn := m.get("role_arn")
	if !arn.isSet() {
		return nil, token.wrong(fault.RoleARNMissing, "stands without a role_arn").Fix("add role_arn = arn:aws:iam::ACCOUNT:role/NAME")
	}
	if err := checkRoleARN(arn); err != nil {
		return nil, err
	}
	token = r.completed(token)
	s := &Source{Kind: WebIdentity, Profile: m.name, Origin: token.Origin, Settings: asSettings(token), Role: tokenRole(m.name, arn)}
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
		return checkName(token, 1, longestVariable, "")
	}
	return nil
}

// longestVariable is the longest name of a variable that anyone has needed, in
// bytes.
const longestVariable = 256

// completed makes a token file's path complete.
func (r *resolver) completed(token given) given {
	if token.name == "web_identity_token_file" {
		token.Text = r.absolute(token.Text)
	}
	return token
}

// tokenRole is the call that a token is for.
func tokenRole(profileName string, arn given) *Call {
	return &Call{Kind: WebIdentity, Profile: profileName, RoleARN: arn.Text, Settings: originsOf(arn)}
}

// tokenFileSource reads the web identity that the environment names, as EKS
// and CI services do.
func (r *resolver) tokenFileSource(given) (*Source, error) {
	token, arn := r.env(variableTokenFile), r.roleVariable()
	if !arn.isSet() {
		return nil, token.wrong(fault.RoleARNMissing, "stands without AWS_ROLE_ARN").Fix("set AWS_ROLE_ARN to the role's ARN")
	}
	if err := checkRoleARN(arn); err != nil {
		return nil, err
	}
	settings := map[string]Value{"web_identity_token_file": {Text: r.absolute(token.Text)}, "role_arn": arn.Value}
	return &Source{Kind: WebIdentity, Settings: settings, Role: tokenRole("", arn)}, nil
}

// roleVariable is the role that the environment names for its token.
func (r *resolver) roleVariable() given { return r.eitherVariable("AWS_ROLE_ARN", "AWS_IAM_ROLE_ARN") }

// eitherVariable reads what has two names: the one that programs read, then
// the one that only AWS's documentation has
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
func (r *resolver) eitherVariable(usual, documented string) given {
	g, other := r.env(usual), r.env(documented)
	note := usual + " and " + documented + " differ: " + usual + " is used"
	if g.isSet() && other.isSet() && g.Text != other.Text && !slices.Contains(r.notes, note) {
		r.note("", note)
	}
	return firstSet(g, other)
}
