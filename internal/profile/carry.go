package profile

import "slices"

// shaping are the settings that shape a call, each with its flag.
func shaping() []struct{ key, flag string } {
	return []struct{ key, flag string }{
		{"role_session_name", "--session-name"},
		{"external_id", "--external-id"},
		{"source_identity", "--source-identity"},
		{"session_tags", "--tag"},
		{"transitive_session_tags", "--transitive-tag"},
		{"policy", "--policy"},
		{"policy_arns", "--policy-arn"},
		{"duration_seconds", "--duration"},
	}
}

// carries reports whether a call of this kind takes a setting.
func carries(kind Kind, key string) bool {
	switch kind {
	case AssumeRole:
		return true
	case WebIdentity:
		return slices.Contains([]string{"role_session_name", "policy", "policy_arns", "duration_seconds"}, key)
	case SAML:
		return slices.Contains([]string{"policy", "policy_arns", "duration_seconds"}, key)
	case FederationToken:
		return slices.Contains([]string{"session_tags", "policy", "policy_arns", "duration_seconds"}, key)
	case SessionToken:
		return key == "duration_seconds"
	}
	return false
}

// said is why a call that an identity provider vouches for does not take a
// setting: the provider says it in place of the caller. "" for other calls
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html).
func said(kind Kind, key string) string {
	switch {
	case kind != SAML && kind != WebIdentity:
		return ""
	case key == "external_id":
		return "only AssumeRole takes it"
	case kind == SAML:
		return "AWS takes it from the assertion, where the identity provider puts it"
	}
	return "AWS takes it from the token, where the identity provider puts it"
}

// baseKind is the kind of call that the source's own profile shapes; empty
// where there is none.
func (p *planner) baseKind() Kind {
	switch {
	case p.source.Role != nil:
		return p.source.Kind
	case !p.source.isUsers():
		return ""
	case p.req.Overrides.Federate != "":
		return FederationToken
	}
	return SessionToken
}

// checkFlags refuses a flag that the chain's last call does not take.
func (p *planner) checkFlags() error {
	kind := p.baseKind()
	switch {
	case len(p.roles) > 0:
		return nil
	case kind == SessionToken && p.req.Overrides.NoSessionToken:
		kind = ""
	}
	given := p.flagsGiven()
	for _, s := range shaping() {
		if !given[s.key] || carries(kind, s.key) {
			continue
		}
		name := s.flag
		if s.key == "policy_arns" {
			name = policyFlag(p.req.Overrides)
		}
		err := p.flag(name, name).invalid("has no call of this chain that takes it")
		switch {
		case kind == SessionToken && carries(FederationToken, s.key):
			return err.Fix("the profile has keys only: give --federate NAME, or a profile with a role")
		case said(kind, s.key) != "":
			return err.Fix("leave it out: %s", said(kind, s.key))
		}
		return err.Fix("leave it out, or give a profile with a role")
	}
	return nil
}

// flagsGiven tells which shaping flags were given, by their setting's name.
func (p *planner) flagsGiven() map[string]bool {
	o := p.req.Overrides
	return map[string]bool{
		"role_session_name":       o.SessionName != "",
		"external_id":             o.ExternalID != "",
		"source_identity":         o.SourceIdentity != "",
		"session_tags":            len(o.Tags) > 0,
		"transitive_session_tags": len(o.TransitiveTagKeys) > 0,
		"policy":                  o.Policy != "",
		"policy_arns":             len(o.PolicyARNs)+len(o.ManagedPolicies) > 0,
		"duration_seconds":        o.Duration != 0,
	}
}

// checkBase refuses settings of the source's profile that its call does not
// take. Those beside a role_arn are the role's.
func (p *planner) checkBase() error {
	kind := p.baseKind()
	if p.base.has("role_arn") && p.source.Role == nil {
		return nil
	}
	for _, s := range shaping() {
		g := p.base.get(s.key)
		if !g.isSet() || carries(kind, s.key) {
			continue
		}
		if why := said(kind, s.key); why != "" {
			return g.invalid("is no parameter of the profile's call").Fix("remove it: %s", why)
		}
		err := g.invalid("has no call that takes it: the profile assumes no role")
		if kind == SessionToken && carries(FederationToken, s.key) {
			return err.Fix("remove it, or use the profile with --federate NAME")
		}
		return err.Fix("remove it, or move it to the profile of a role")
	}
	return nil
}
