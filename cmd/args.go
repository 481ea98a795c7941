package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/terminal"
)

func noArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usage("%s takes no arguments", c.Name())
	}
	return nil
}

func atMostOneProfile(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("one PROFILE at most, not %d", len(args))
	}
	return noneBlank(args)
}

func exactlyOneProfile(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return usage("a PROFILE is needed")
	case 1:
		return noneBlank(args)
	}
	return usage("one PROFILE is needed, not %d", len(args))
}

func anyProfiles(_ *cobra.Command, args []string) error { return noneBlank(args) }

// noneBlank refuses a PROFILE that is there and empty: a script's variable
// that is not set must not choose the default profile.
func noneBlank(names []string) error {
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			return usage("PROFILE must not be empty: name one")
		}
	}
	return nil
}

// joinNames lists names of the user's for a message.
func joinNames(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = terminal.Visible(name)
	}
	return strings.Join(shown, ", ")
}
