package cmd

import (
	"strings"
	"testing"
)

func TestSessionNamer(t *testing.T) {
	host := Host{Environ: []string{"USER=al ice", "TEAM=blue/green"}}
	for _, tc := range []struct{ template, profile, want string }{
		{"", "p", "al-ice@" + cleanSessionName(hostName())},
		{"{user}", "p", "al-ice"},
		{"{profile}-${TEAM}", "prod", "prod-blue-green"},
		{"$TEAM", "p", "blue-green"},
		{"x{profile}", "$TEAM", "x-TEAM"},
		{"ü☃", "p", "--"},
		{strings.Repeat("a", 80), "p", strings.Repeat("a", 64)},
	} {
		name, err := sessionNamer(host, tc.template, tc.profile)
		if err != nil {
			t.Errorf("%q: %v", tc.template, err)
			continue
		}
		if got := name(); got != tc.want {
			t.Errorf("%q gives %q, want %q", tc.template, got, tc.want)
		}
	}
	for _, template := range []string{"a", "${UNSET}", " "} {
		if _, err := sessionNamer(host, template, "p"); err == nil {
			t.Errorf("%q is accepted", template)
		}
	}
}
