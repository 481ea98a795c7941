package cmd

import (
	"slices"
	"strings"
	"testing"
)

func TestExplicitDash(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"exec", "exec"},
		{"exec prod", "exec prod"},
		{"exec prod ls", "exec prod -- ls"},
		{"exec prod ls -la --debug", "exec prod -- ls -la --debug"},
		{"exec prod -- ls", "exec prod -- ls"},
		{"exec -- ls", "exec -- ls"},
		{"exec prod -d 1h ls -d x", "exec prod -d 1h -- ls -d x"},
		{"exec prod -d1h ls", "exec prod -d1h -- ls"},
		{"exec prod --duration 1h ls", "exec prod --duration 1h -- ls"},
		{"exec prod --duration=1h ls", "exec prod --duration=1h -- ls"},
		{"exec -n prod ls", "exec -n prod -- ls"},
		{"exec -nd 1h prod ls", "exec -nd 1h prod -- ls"},
		{"exec --no-cache prod --keyring-backend file env -0", "exec --no-cache prod --keyring-backend file -- env -0"},
		{"--debug exec prod ls", "exec --debug prod -- ls"},
		{"--keyring-backend exec exec prod ls", "exec --keyring-backend exec prod -- ls"},
		{"--no-cache -d 1h exec prod ls", "exec --no-cache -d 1h prod -- ls"},
		{"--no-such-flag exec prod ls", "exec --no-such-flag prod -- ls"},
		{"--debug exprot prod", "--debug exprot prod"},
		{"--json list", "list --json"},
		{"-h exec", "exec -h"},
		{"-- exec prod ls", "-- exec prod ls"},
		{"exec prod --no-such-flag ls", "exec prod --no-such-flag -- ls"},
		{"exec prod - x", "exec prod -- - x"},
		{"export prod", "export prod"},
		{"list --json", "list --json"},
		{"", ""},
	} {
		t.Run(tc.in, func(t *testing.T) {
			a := newApp(Host{})
			words := a.commandFirst(strings.Fields(tc.in))
			got := explicitDash(a.root(words), words)
			if !slices.Equal(got, strings.Fields(tc.want)) {
				t.Errorf("explicitDash(%q) = %q, want %q", tc.in, strings.Join(got, " "), tc.want)
			}
		})
	}
}
