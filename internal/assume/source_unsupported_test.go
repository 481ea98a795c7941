package assume

import (
	"strings"
	"testing"

	"assume-role/internal/profile"
)

func TestRefusalCanBePastedIntoAShell(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, want string }{
		{"", "export-credentials --format env"},
		{"dev.eu-1_x", "export-credentials --profile dev.eu-1_x --format env"},
		{"a b", "export-credentials --profile 'a b' --format env"},
		{"$(id)", "export-credentials --profile '$(id)' --format env"},
		{"it's", `export-credentials --profile 'it'"'"'s' --format env`},
		{"a;b", "export-credentials --profile 'a;b' --format env"},
	} {
		got := refusal(profile.Source{Kind: profile.SSO, Profile: tc.name}).Error()
		if !strings.Contains(got, tc.want) {
			t.Errorf("%q: %s", tc.name, got)
		}
	}
}
