package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/profile"
)

// completeStored offers the profiles that have keys in the key store.
func (a *app) completeStored(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	var names []string
	for _, key := range a.stored() {
		names = append(names, cobra.CompletionWithDesc(key.Profile, joinWords(key.AccessKeyID, key.AccountID)))
	}
	return names, only
}

// completeCached offers the profiles that have a session in the cache; where
// the word is the beginning of none, all: the AWS CLI may have one of theirs.
func (a *app) completeCached(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for name, left := range a.longestLived() {
		if !slices.Contains(args, name) {
			names = append(names, cobra.CompletionWithDesc(name, left+" left"))
		}
	}
	slices.Sort(names)
	if names = matching(names, word); len(names) == 0 {
		return a.completeEachProfile(c, args, word)
	}
	return names, only
}

// completePlain offers the profiles with keys in the files.
func (a *app) completePlain(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if from := c.Flag("from"); from != nil && from.Changed {
		return nil, only // what other tools keep is behind a lock
	}
	return a.completeWhere(longLivedKey, args, word)
}

// longLivedKey tells a profile with an access key that is no session's.
func longLivedKey(p *profile.Profile) bool {
	return hasOneOf(p, settingID) && !hasOneOf(p, "aws_session_token")
}

// completeWith offers the profiles that have one of several settings.
func (a *app) completeWith(keys string, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.completeWhere(func(p *profile.Profile) bool { return hasOneOf(p, keys) }, args, word)
}

// completeWhere offers the profiles for which something holds.
func (a *app) completeWhere(holds func(*profile.Profile) bool, args []string, word string) ([]string, cobra.ShellCompDirective) {
	config, err := a.config()
	if err != nil {
		return nil, only
	}
	var names []string
	for _, p := range config.Glance(a.namesLike(word)) {
		if holds(p) && !slices.Contains(args, p.Name) {
			names = append(names, p.Name)
		}
	}
	return a.described(names), only
}

func hasOneOf(p *profile.Profile, keys string) bool {
	return slices.ContainsFunc(strings.Fields(keys), func(key string) bool { _, ok := p.Get(key); return ok })
}

// completeLogin offers the profiles that sign in with `aws login`.
func (a *app) completeLogin(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return a.completeWith("login_session", args, word)
}

// completeSignIn offers one sso-session, or one profile that signs in there.
func (a *app) completeSignIn(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return a.completeEachSignIn(c, args, word)
}

// completeEachSignIn offers those that were not named before.
func (a *app) completeEachSignIn(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	sessions := a.ssoSessions(args)
	profiles, _ := a.completeWith("sso_session sso_start_url", args, word)
	return append(sessions, profiles...), only
}

// completeSession offers one sso-session.
func (a *app) completeSession(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return a.ssoSessions(nil), only
}

// ssoSessions are the sso-sessions that were not named before, with their portals.
func (a *app) ssoSessions(named []string) []string {
	config, err := a.config()
	if err != nil {
		return nil
	}
	var sessions []string
	for _, name := range config.SSOSessions() {
		if section, ok := config.SSOSession(name); ok && !slices.Contains(named, name) {
			portal, _ := section.Get("sso_start_url")
			sessions = append(sessions, cobra.CompletionWithDesc(name, portal.Text))
		}
	}
	return sessions
}

// completeStoredDevice offers the MFA devices whose TOTP secret is stored.
func (a *app) completeStoredDevice(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return a.known().Devices, only
}

// completeNewDevice offers the MFA devices of profiles whose TOTP secret is not
// stored.
func (a *app) completeNewDevice(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	stored := a.known().Devices
	return slices.DeleteFunc(a.configured("mfa_serial"), func(serial string) bool { return slices.Contains(stored, serial) }), only
}
