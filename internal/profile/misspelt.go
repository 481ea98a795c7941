package profile

import (
	"slices"

	"assume-role/internal/nearest"
)

// settingNames are the settings of a profile that decide its credentials: the
// SDKs', aws-vault's and this tool's.
func settingNames() []string {
	names := slices.Concat(plainNames(), webIdentityKeys(), ssoKeys())
	for _, s := range shaping() {
		names = append(names, s.key)
	}
	return names
}

func plainNames() []string {
	return []string{
		keyAccessKeyID, keySecretAccessKey, keySessionToken, keySecurityToken, keyAccountID,
		"role_arn", "source_profile", "credential_source", "credential_process", "login_session",
		"mfa_serial", "mfa_process", "session_token", "saml_process", "saml_principal_arn",
		"expect_account", "confirm", "agents", keyInclude,
	}
}

// IsSetting reports whether a key is one that stands in a profile: one that
// decides about credentials, or that the SDKs read beside those.
func IsSetting(key string) bool { return isSettingName(key) || slices.Contains(otherNames(), key) }

// isSettingName reports whether settingNames holds a key. It makes no list:
// nearly every key of every profile is one.
func isSettingName(key string) bool {
	for _, s := range shaping() {
		if s.key == key {
			return true
		}
	}
	return slices.Contains(plainNames(), key) || slices.Contains(webIdentityKeys(), key) || slices.Contains(ssoKeys(), key)
}

// otherNames are settings of the SDKs that are close to one of those and say
// nothing about credentials here.
func otherNames() []string {
	return []string{"sso_registration_scopes", "region", "output", "services"}
}

// noteMisspelt says which settings of the chain's profiles look like one that
// decides about credentials and are none: nothing reads them.
func (r *resolver) noteMisspelt(way *route) {
	for _, m := range way.members() {
		if m.section == nil {
			continue
		}
		for _, key := range m.section.Keys() {
			if meant := misspelt(key); meant != "" {
				r.note(m.name, m.get(key).where()+" is not a setting that anything reads: did you mean "+meant+"?")
			}
		}
	}
}

// misspelt returns the setting that an unknown key is one or two letters away
// from, or "".
func misspelt(key string) string {
	if len(key) < 6 || isSettingName(key) || slices.Contains(otherNames(), key) {
		return ""
	}
	for _, name := range settingNames() {
		if nearest.Within(2, key, name) {
			return name
		}
	}
	return ""
}
