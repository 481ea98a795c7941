package profile

import "slices"

// The rules of this file are about where a profile's credentials come from:
// the SDKs agree on what AWS documents, and on little else.

// basis are the settings by which a profile has credentials of its own and
// that are no access keys.
func basis() []string {
	return slices.Concat([]string{"credential_source", "web_identity_token_file"}, ssoKeys(), []string{"login_session", "credential_process"})
}

// roleOfOwn: a role with nothing that says what to assume it from.
func (p *profileLinter) roleOfOwn() {
	arn := p.m.get("role_arn")
	if !arn.isSet() || p.m.anyOf("source_profile", "credential_source").isSet() || p.m.assumesWithoutKeys() {
		return
	}
	own := p.m.anyOf(slices.Concat([]string{keyAccessKeyID}, ssoKeys(), []string{"credential_process", "login_session"})...)
	theirs, fix := "the credentials of "+own.name, "add source_profile = "+p.m.name
	if !own.isSet() {
		theirs, fix = "the container's or the instance's credentials", "add source_profile or credential_source"
	}
	p.add("role-without-source", arn, "role_arn stands without a source: here only the key store can serve it, and the AWS CLI refuses it; the Go SDK assumes the role with "+theirs, fix)
}

// knownHere: a source that other programs do not know.
func (p *profileLinter) knownHere() {
	g := p.m.anyOf("web_identity_token_process", "web_identity_token_env", "web_identity_token_source", "saml_process")
	if g.isSet() {
		p.add("known-here-only", g, g.name+" is known here only: the AWS CLI and the SDKs find no source for the role", "for other programs, add a profile with credential_process = assume-role credential-process "+p.m.name)
	}
}

// severalSources: more than one of the settings that exclude each other.
func (p *profileLinter) severalSources() {
	first := given{}
	for _, key := range []string{"source_profile", "credential_source", "credential_process", "web_identity_token_file"} {
		g := p.m.get(key)
		if g.isSet() && first.isSet() {
			p.add("several-sources", g, first.name+" and "+g.name+" stand in one profile, which the Go SDK refuses; the AWS CLI picks one of them", "keep one of the two")
			return
		}
		first = firstSet(first, g)
	}
}

// withoutRole: a source for a role, and no role.
func (p *profileLinter) withoutRole() {
	if p.m.has("role_arn") {
		return
	}
	if g := p.m.get("source_profile"); g.isSet() {
		p.add("source-without-role", g, "source_profile is passed over here and by the AWS CLI, for there is no role_arn; the Go SDK refuses the profile", "add role_arn, or remove it")
	}
	if g := p.m.get("credential_source"); g.isSet() {
		p.add("source-without-role", g, "credential_source gives the profile's credentials here, without a role_arn; the AWS CLI passes it over, and the Go SDK refuses the profile", "add role_arn")
	}
}

// keysBeside: access keys beside another source.
func (p *profileLinter) keysBeside() {
	if !hasKeys(p.m) || p.m.has("source_profile") {
		return
	}
	keys := p.m.anyOf(keyAccessKeyID, keySecretAccessKey)
	other := p.m.anyOf(basis()...)
	inCredentials := keys.Origin.File == inCredentialsFile
	message := "the access keys come before " + other.name + " here and for the Go SDK; the AWS CLI uses " + other.name
	switch {
	case !other.isSet() || other.name == "credential_source":
		return
	case other.name == "web_identity_token_file" && p.m.has("role_arn"):
		message = "web_identity_token_file comes before the access keys here and for the AWS CLI; the Go SDK assumes the role with the keys"
	case inCredentials && (other.name == "credential_process" || other.name == "login_session"):
		message = "the access keys come before " + other.name + " here, for the Go SDK and for the AWS CLI; the Rust SDK uses " + other.name
	}
	p.add("keys-beside", keys, message, "keep one of the two")
}

// sourceProfile: what the profile's role is assumed from.
func (p *profileLinter) sourceProfile() {
	from := p.m.get("source_profile")
	if !from.isSet() || !p.m.has("role_arn") {
		return
	}
	source, ok := p.cfg.there(from.Text)
	if !ok {
		return
	}
	if from.Text == p.m.name {
		p.ownSource(from)
		return
	}
	p.sourceWithRole(from, source)
	p.sourceAlone(from, source)
	p.circle(from)
}

// ownSource: a profile that is its own source, with something else than keys.
func (p *profileLinter) ownSource(from given) {
	other := p.m.anyOf(basis()...)
	if !hasKeys(p.m) && other.isSet() && !p.m.assumesWithoutKeys() {
		p.add("own-source", from, "the role is assumed with the profile's own "+other.name+" here; the AWS CLI takes it for a circle, and the Go SDK refuses it", "put "+other.name+" in a profile of its own")
	}
}

// sourceWithRole: the source has keys and a role.
func (p *profileLinter) sourceWithRole(from given, source member) {
	if hasKeys(source) && source.has("role_arn") {
		p.add("source-with-role", from, "source_profile names a profile with access keys and a role_arn: its keys are used here and by the AWS CLI; the Go SDK assumes its role on top", "put the keys in a profile of their own")
	}
}

// sourceAlone: the source has one thing only, which not all programs take.
func (p *profileLinter) sourceAlone(from given, source member) {
	if hasKeys(source) || source.has("role_arn") {
		return
	}
	switch {
	case source.has("credential_source"):
		p.add("source-alone", from, "source_profile names a profile with a credential_source alone, which works here; the AWS CLI and the Go SDK refuse it", "write that credential_source in place of the source_profile")
	case source.has("login_session") && !source.anyOf("credential_process", "sso_account_id").isSet():
		p.add("source-alone", from, "source_profile names a profile with a login_session, which works here and in the AWS CLI; the Go SDK refuses it", "use another source for programs that are written in Go")
	}
}

// circle: profiles that go round, of which the first has keys.
func (p *profileLinter) circle(from given) {
	if !hasKeys(p.m) {
		return
	}
	visited := []string{p.m.name}
	for next := from.Text; ; {
		if next == p.m.name {
			p.add("circle", from, "source_profile goes round in a circle, which is refused here and by the AWS CLI; the Go SDK ends it at the profile's access keys", "keep one of the source_profile lines")
			return
		}
		m, ok := p.cfg.there(next)
		if !ok || slices.Contains(visited, next) || hasKeys(m) || !m.has("role_arn") {
			return
		}
		visited = append(visited, next)
		next = m.get("source_profile").Text
	}
}

// there returns a profile if there is one. It makes no error about one that
// is not, which costs a search for the nearest name.
func (c *Config) there(name string) (member, bool) {
	if !c.Has(name) {
		return member{}, false
	}
	section, _ := c.Profile(name)
	return member{name: name, section: section}, section != nil
}
