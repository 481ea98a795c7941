package profile

// Attempted returns what a profile tries to be, going by the keys that it has
// alone: for lists, which show a broken profile beside its error. None is "".
func (p *Profile) Attempted() Kind {
	for _, mark := range []struct {
		key  string
		kind Kind
	}{
		{"web_identity_token_file", WebIdentity}, {"web_identity_token_process", WebIdentity},
		{"web_identity_token_env", WebIdentity}, {"web_identity_token_source", WebIdentity},
		{"saml_process", SAML}, {"role_arn", AssumeRole},
		{"sso_session", SSO}, {"sso_start_url", SSO}, {"sso_account_id", SSO}, {"sso_role_name", SSO},
		{"login_session", Login}, {"credential_process", Process},
		{"aws_access_key_id", Static}, {"aws_secret_access_key", Static},
	} {
		if _, ok := p.Get(mark.key); ok {
			return mark.kind
		}
	}
	return p.attemptedSource()
}

// attemptedSource is the kind that credential_source names, if it is one.
func (p *Profile) attemptedSource() Kind {
	named, _ := p.Get("credential_source")
	return map[string]Kind{"Environment": Environment, "Ec2InstanceMetadata": EC2, "EcsContainer": Container}[named.Text]
}

// attempts reports whether the profile says where credentials come from, be
// it right or wrong.
func (p *Profile) attempts() bool {
	_, named := p.Get("credential_source")
	return named || p.Attempted() != ""
}
