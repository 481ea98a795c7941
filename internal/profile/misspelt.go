package profile

import "slices"

// settingNames are the settings of a profile that decide its credentials: the
// SDKs', aws-vault's and this tool's.
func settingNames() []string {
	names := []string{
		keyAccessKeyID, keySecretAccessKey, keySessionToken, keySecurityToken, keyAccountID,
		"role_arn", "source_profile", "credential_source", "credential_process", "login_session",
		"mfa_serial", "mfa_process", "session_token", "saml_process", "saml_principal_arn",
		"expect_account", "confirm", "agents", keyInclude,
	}
	for _, s := range shaping() {
		names = append(names, s.key)
	}
	return slices.Concat(names, webIdentityKeys(), ssoKeys())
}

// otherNames are settings of the SDKs that are close to one of those and say
// nothing about credentials here.
func otherNames() []string {
	return []string{"sso_registration_scopes", "region", "output", "services"}
}

// noteMisspelt says which settings of the chain's profiles look like one that
// decides about credentials and are none: nothing reads them.
func (r *resolver) noteMisspelt(_ *Chain, way *route) error {
	names := settingNames()
	for _, m := range way.members() {
		if m.section == nil {
			continue
		}
		for _, key := range m.section.Keys() {
			if meant := misspelt(key, names); meant != "" {
				r.note(m.name, m.get(key).where()+" is not a setting that anything reads: did you mean "+meant+"?")
			}
		}
	}
	return nil
}

// misspelt returns the setting that an unknown key is one or two letters away
// from, or "".
func misspelt(key string, names []string) string {
	if len(key) < 6 || slices.Contains(names, key) || slices.Contains(otherNames(), key) {
		return ""
	}
	for _, name := range names {
		if distance([]rune(key), []rune(name), 2) <= 2 {
			return name
		}
	}
	return ""
}
