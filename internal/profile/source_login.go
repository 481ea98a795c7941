package profile

import "strings"

// LoginCommand is the command that signs in again for a profile whose source
// is Login.
func LoginCommand(profileName string) string { return "assume-role login " + quoted(profileName) }

// readLogin reads the AWS CLI's `aws login`, which login_session names by the
// identity's ARN.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html.
func (r *resolver) readLogin(m member) (*Source, error) {
	session := m.get("login_session")
	if _, ok := parseARN(session.Text); !ok {
		return nil, session.invalid("%q is not an identity's ARN", session.Text).Fix("sign in again with: %s", LoginCommand(m.name))
	}
	return &Source{Kind: Login, Profile: m.name, Origin: session.Origin, Settings: asSettings(session)}, nil
}

// loginStrength: a role's session signs in as itself; an IAM user keeps its
// devices.
func (s *Source) loginStrength() strength {
	if a, ok := parseARN(s.Settings["login_session"].Text); ok && a.service == "sts" && strings.HasPrefix(a.resource, "assumed-role/") {
		return aRole
	}
	return aSession
}

// checkLogin refuses roles on top of the root user's sign-in, which AWS would
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
func (p *planner) checkLogin() error {
	session := given{Value: p.source.Settings["login_session"], name: "login_session", profile: p.source.Profile}
	a, _ := parseARN(session.Text)
	if p.source.Kind != Login || len(p.roles) == 0 || a.service != "iam" || a.resource != "root" {
		return nil
	}
	return session.invalid("is the root user's, and AWS lets no root user assume a role").
		Fix("sign in as an IAM user or with a role, or use IAM Identity Center")
}
