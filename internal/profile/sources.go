package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// sourceRule is one way in which a profile gives credentials by itself.
type sourceRule struct {
	// sign returns the setting that shows the profile has this source, or
	// one that is not set.
	sign func(*resolver, member) given
	// read makes the source, checking its settings.
	read func(*resolver, member) (*Source, error)
	// alone marks a source that no other of its kind may stand beside: the
	// SDKs disagree on which of two would be used.
	alone bool
}

// sourceRules lists every source of a profile in the order of precedence.
// The Go, Python and Rust SDKs agree on it but for static keys, which the
// Rust SDK puts last (see also rulesFor).
func sourceRules() [8]sourceRule {
	return [...]sourceRule{
		{sign: (*resolver).signOfStatic, read: (*resolver).readStatic},
		{sign: (*resolver).signOfCredentialSource, read: (*resolver).readCredentialSource, alone: true},
		{sign: (*resolver).signOfWebIdentity, read: (*resolver).readWebIdentity, alone: true},
		{sign: (*resolver).signOfSAML, read: (*resolver).readSAML, alone: true},
		{sign: (*resolver).signOfSSO, read: (*resolver).readSSO},
		{sign: (*resolver).signOfLogin, read: (*resolver).readLogin},
		{sign: (*resolver).signOfProcess, read: (*resolver).readProcess, alone: true},
		{sign: (*resolver).signOfStored, read: (*resolver).readStored},
	}
}

func (*resolver) signOfStatic(m member) given {
	return m.anyOf(keyAccessKeyID, keySecretAccessKey, keySessionToken)
}

func (*resolver) signOfCredentialSource(m member) given { return m.get("credential_source") }
func (*resolver) signOfWebIdentity(m member) given      { return m.anyOf(webIdentityKeys()...) }
func (*resolver) signOfSAML(m member) given             { return m.anyOf(samlKeys()...) }
func (*resolver) signOfSSO(m member) given              { return m.anyOf(ssoKeys()...) }
func (*resolver) signOfLogin(m member) given            { return m.get("login_session") }

// ownSource returns what a profile gives by itself, leaving out its role_arn
// and source_profile.
func (r *resolver) ownSource(m member) (*Source, error) {
	var used sourceRule
	var by given
	for _, rule := range rulesFor(m) {
		sign := rule.sign(r, m)
		switch {
		case !sign.isSet():
		case used.read == nil:
			used, by = rule, sign
		case used.alone && rule.alone:
			return nil, twoSources(by, sign)
		default:
			r.passOver(m, by, sign)
		}
	}
	if used.read == nil {
		return nil, r.nothingIn(m)
	}
	if err := r.checkIdleSource(m, by, used.alone); err != nil {
		return nil, err
	}
	return used.read(r, m)
}

// rulesFor returns the rules in the order for one profile. Where a role is
// assumed with a token, access keys beside it come last, as in the Python and
// Rust SDKs: first, they would be the user's own in place of the role's.
func rulesFor(m member) [8]sourceRule {
	rules := sourceRules()
	if m.has("role_arn") && m.assumesWithoutKeys() {
		keys := rules[0]
		copy(rules[:], rules[1:])
		rules[len(rules)-1] = keys
	}
	return rules
}

// onlySource refuses a role's source that has another one beside it of the
// kind that excludes it, and notes those that it merely overrides.
func (r *resolver) onlySource(m member, from given) error {
	for _, rule := range sourceRules() {
		sign := rule.sign(r, m)
		switch {
		case !sign.isSet() || sign.name == from.name:
		case rule.alone:
			return twoSources(from, sign)
		default:
			r.passOver(m, from, sign)
		}
	}
	return nil
}

// passOver says that one source of a profile is not used because of another.
func (r *resolver) passOver(m member, used, idle given) {
	r.note(m.name, "its credentials come from "+used.where()+", not from "+idle.where())
}

// checkIdleSource deals with a source_profile that is not followed: without a
// role_arn there is no role to assume from it, which is noted; beside a token
// or an assertion for the role it is one source too many.
func (r *resolver) checkIdleSource(m member, used given, alone bool) error {
	from := m.get("source_profile")
	switch {
	case !from.isSet() || from.Text == m.name:
	case !m.has("role_arn"):
		r.note(m.name, "its credentials come from "+used.where()+", not from "+from.where()+", which needs a role_arn")
	case alone && m.assumesWithoutKeys():
		return twoSources(from, used)
	}
	return nil
}

func twoSources(one, other given) error {
	return fault.New(fault.TwoSources, "%s stands beside %s", other.where(), one.name).In(one.profile).At(one.Origin).
		Fix("keep one of the two: programs disagree on which one counts")
}

// nothingIn is the error about a profile that has no source at all.
func (r *resolver) nothingIn(m member) error {
	err := fault.New(fault.NoCredentials, "nothing in it gives credentials").In(m.name).At(m.origin())
	switch from, process := m.get("source_profile"), m.get("credential_process"); {
	case from.isSet() && !m.has("role_arn"):
		return err.Fix("source_profile counts only beside a role_arn: add one, or store keys with: assume-role add %s", m.name)
	case process.isSet():
		return err.Fix("its credential_process asks for the profile itself: store keys with: assume-role add %s", m.name)
	case r.env(variableAccessKeyID).isSet():
		return err.Fix("add credential_source = Environment to use the variables, or store keys with: assume-role add %s", m.name)
	}
	return err.Fix("store keys with: assume-role add %s", m.name)
}

// assumesWithoutKeys reports whether the profile's role is assumed with a
// token or an assertion, which needs no credentials of another profile.
func (m member) assumesWithoutKeys() bool {
	return m.anyOf(webIdentityKeys()...).isSet() || m.anyOf(samlKeys()...).isSet()
}

// readCredentialSource reads credential_source in any case; the Go and Python
// SDKs want AWS's spelling, so another one is noted.
func (r *resolver) readCredentialSource(m member) (*Source, error) {
	g := m.get("credential_source")
	sources := map[string]func(given) (*Source, error){
		"Environment":         r.environmentSource,
		"Ec2InstanceMetadata": r.instanceSource,
		"EcsContainer":        r.containerSource,
	}
	for name, read := range sources {
		if strings.EqualFold(name, g.Text) {
			if name != g.Text {
				r.note(m.name, g.where()+" is understood here, other programs want it spelt "+name)
			}
			return read(g)
		}
	}
	return nil, g.invalid("is %q", g.Text).Fix("write one of: Environment, Ec2InstanceMetadata, EcsContainer")
}
