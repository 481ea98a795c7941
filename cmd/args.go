package cmd

import (
	"slices"
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

// completeProfile offers the profiles' names. It reads files only, and cobra
// drops what does not start with the word being typed.
func (a *app) completeProfile(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 && c.Name() != "clear-cache" {
		return nil, afterProfile(c)
	}
	config, err := a.config()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := a.profileNames(config)
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, word) || slices.Contains(args, name) || strings.ContainsAny(name, "\t\n")
	})
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeSourceProfile offers the profiles' names as a flag's value.
func (a *app) completeSourceProfile(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.completeProfile(c, nil, word)
}

// afterProfile completes files where CMD comes next, nothing elsewhere.
func afterProfile(c *cobra.Command) cobra.ShellCompDirective {
	if c.Name() == "exec" {
		return cobra.ShellCompDirectiveDefault
	}
	return cobra.ShellCompDirectiveNoFileComp
}

// completeStored offers the profiles that have keys in the key store.
func (a *app) completeStored(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, key := range a.stored() {
		if strings.HasPrefix(key.Profile, word) {
			names = append(names, key.Profile)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
