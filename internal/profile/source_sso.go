package profile

import (
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
)

func ssoKeys() []string {
	return []string{"sso_account_id", "sso_role_name", "sso_session", "sso_start_url", "sso_region"}
}

// readSSO reads a role of IAM Identity Center: either with an [sso-session]
// section or, in the older form, with all of it in the profile.
// See https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html.
func (r *resolver) readSSO(m member) (*Source, error) {
	if !m.has("sso_account_id") && !m.has("sso_role_name") && m.has("sso_session") {
		return nil, fault.New(fault.NoCredentials, "it has an sso_session but neither sso_account_id nor sso_role_name, which gives a token and no credentials").
			In(m.name).At(m.get("sso_session").Origin).Fix("add both")
	}
	s := &Source{Kind: SSO, Profile: m.name, Origin: m.anyOf(ssoKeys()...).Origin, Settings: m.collect(ssoKeys()...)}
	if err := r.addSSOSession(m, s.Settings); err != nil {
		return nil, err
	}
	if err := completeSSO(m, s.Settings); err != nil {
		return nil, err
	}
	if err := checkRegion(given{Value: s.Settings["sso_region"], name: "sso_region", profile: m.name}); err != nil {
		return nil, err
	}
	return s, checkAccount(m.get("sso_account_id"))
}

// addSSOSession adds what the [sso-session] section says. The profile may
// repeat it and may not contradict it.
func (r *resolver) addSSOSession(m member, settings map[string]Value) error {
	return r.addNamedSession(m, m.get("sso_session"), settings)
}

func (r *resolver) addNamedSession(m member, name given, settings map[string]Value) error {
	if !name.isSet() {
		return nil
	}
	session, ok := r.cfg.SSOSession(name.Text)
	if !ok {
		return name.wrong(fault.SSOSessionNotFound, "names %q, and there is no section [sso-session %s]", name.Text, name.Text).
			Fix("%s", r.suggestSession(name.Text))
	}
	for _, key := range []string{"sso_start_url", "sso_region", "sso_registration_scopes"} {
		theirs, ok := session.Get(key)
		ours := m.get(key)
		switch {
		case !ok:
		case ours.isSet() && ours.Text != theirs.Text:
			return fault.New(fault.SSOConflict, "[sso-session %s] (%s) says another %s than the profile", name.Text, theirs.Origin, key).
				In(m.name).At(ours.Origin).Fix("remove it from the profile")
		default:
			settings[key] = theirs
		}
	}
	return nil
}

func (r *resolver) suggestSession(name string) string {
	return nearest.Hint(r.cfg.SSOSessions(), name, "add the section to the config file, or correct the name")
}

func completeSSO(m member, settings map[string]Value) error {
	var missing []string
	for _, key := range []string{"sso_account_id", "sso_role_name", "sso_start_url", "sso_region"} {
		if settings[key].Text == "" {
			missing = append(missing, key)
		}
	}
	if missing == nil {
		return nil
	}
	return m.anyOf(ssoKeys()...).wrong(fault.SSOIncomplete, "stands without %s", strings.Join(missing, " and ")).Fix("add what is missing")
}

// SSOLoginCommand is the command that signs in for a profile whose source is
// SSO, or for an sso-session.
func SSOLoginCommand(name string) string {
	return "assume-role sso login " + quoted(name)
}
