package assume

import (
	"context"
	"fmt"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// unsupported has the place of a source that this build cannot use. It never
// gives credentials, and says which setting asked for it.
func unsupported(kind profile.Kind) source {
	return source{
		kind:     kind,
		check:    refusal,
		identity: func(*walk) map[string]any { return map[string]any{"kind": kind} },
		credentials: func(_ context.Context, w *walk) (creds.Credentials, error) {
			return creds.Credentials{}, refusal(w.chain.Source)
		},
	}
}

// refusal names the setting and its line, and a way that works.
func refusal(s profile.Source) error {
	name, origin := asked(s)
	return fault.New("", "this build does not read %s yet", name).In(s.Profile).At(origin).
		Fix(`run: eval "$(aws configure export-credentials%s --format env)", and name the role with credential_source = Environment`, profileOption(s.Profile))
}

// profileOption is the AWS CLI's --profile, a name with odd characters quoted
// for a POSIX shell; nothing where the environment itself is the source.
func profileOption(name string) string {
	odd := func(r rune) bool { return r > 'z' || r < '-' || strings.ContainsRune(";<=>?[]^`\\", r) }
	switch {
	case name == "":
		return ""
	case strings.ContainsFunc(name, odd):
		return " --profile '" + strings.ReplaceAll(name, "'", `'"'"'`) + "'"
	}
	return " --profile " + name
}

// asked finds the setting that made the source.
func asked(s profile.Source) (name string, origin fault.Origin) {
	for _, name := range settingsOf(s.Kind) {
		if value, ok := s.Settings[name]; ok {
			if name == "credential_source" {
				name = fmt.Sprintf("%s = %s", name, value.Text)
			}
			return name, value.Origin
		}
	}
	return fmt.Sprintf("credentials of the kind %s", s.Kind), s.Origin
}

// settingsOf are the settings that make a source of a kind, most telling
// first.
func settingsOf(kind profile.Kind) []string {
	switch kind {
	case profile.SAML:
		return []string{"saml_process"}
	case profile.SSO:
		return []string{"sso_session", "sso_start_url", "sso_account_id", "sso_role_name"}
	}
	return []string{"credential_source"}
}
