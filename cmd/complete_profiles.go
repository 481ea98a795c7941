package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// describedAtMost is how many profiles are described. Nobody reads more, and
// each costs a look at its section.
const describedAtMost = 200

// completeProfile offers one profile.
func (a *app) completeProfile(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, only
	}
	return a.completeEachProfile(c, args, word)
}

// completeEachProfile offers profiles that were not named before.
func (a *app) completeEachProfile(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	names := a.namesLike(word)
	if len(args) > 0 {
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) })
	}
	return a.described(names), only
}

// completeFlagProfile offers a profile as a flag's value.
func (a *app) completeFlagProfile(c *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	return a.completeEachProfile(c, nil, word)
}

// namesLike are the profiles whose names begin with the word, or where none
// does, with the word in other letters' case.
func (a *app) namesLike(word string) []string {
	for _, prefixed := range []func(text, prefix string) bool{strings.HasPrefix, hasPrefixFold} {
		if names := a.namesWhere(func(name string) bool { return prefixed(name, word) && typeable(name) }); len(names) > 0 {
			return names
		}
	}
	return nil
}

// typeable tells names that an answer can carry: a tab would end one there.
func typeable(name string) bool { return !strings.ContainsAny(name, "\t\n") }

// namesWhere are profileNames, of a file that can be read.
func (a *app) namesWhere(keep func(string) bool) []string {
	config, err := a.config()
	if err != nil {
		return nil
	}
	names, stored := config.NamesWhere(keep), 0
	for _, key := range a.stored() {
		if keep(key.Profile) {
			names, stored = append(names, key.Profile), stored+1
		}
	}
	if stored > 0 {
		slices.Sort(names)
		names = slices.Compact(names)
	}
	return names
}

// described puts behind each name what tells the profile from others.
func (a *app) described(names []string) []string {
	config, err := a.config()
	if err != nil || len(names) > describedAtMost {
		return names
	}
	known := a.longestLived()
	words := map[string]string{}
	for _, p := range config.Glance(names) {
		words[p.Name] = glance(p)
	}
	all := make([]string, len(names))
	for i, name := range names {
		if words[name] == "" && a.hasStored(name) {
			words[name] = "keys in the key store"
		}
		if left := known[name]; left != "" {
			words[name] = joinWords(words[name], left+" left")
		}
		all[i] = cobra.CompletionWithDesc(name, words[name])
	}
	return all
}

func (a *app) hasStored(name string) bool {
	return slices.ContainsFunc(a.stored(), func(key cache.StoredKey) bool { return key.Profile == name })
}

// longestLived is how long the longest session of each profile lasts.
func (a *app) longestLived() map[string]string {
	now := a.host.Now()
	longest := map[string]cache.Session{}
	for _, s := range a.known().Sessions {
		if s.Left(now) > longest[s.Profile].Left(now) {
			longest[s.Profile] = s
		}
	}
	left := make(map[string]string, len(longest))
	for name, s := range longest {
		left[name] = shortLeft(s.Left(now))
	}
	return left
}

// glance says what a profile is in a few words: role and account, or the kind
// of its source, and the region.
func glance(p *profile.Profile) string {
	get := func(key string) string { v, _ := p.Get(key); return v.Text }
	what := ""
	switch kind := p.Attempted(); kind {
	case "":
	case profile.AssumeRole, profile.WebIdentity, profile.SAML:
		role := get("role_arn")
		what = joinWords("role "+role[strings.LastIndexByte(role, '/')+1:], profile.AccountOf(role))
	case profile.SSO:
		what = joinWords(strings.TrimSpace("sso "+get("sso_role_name")), get("sso_account_id"))
	case profile.Process:
		what = "credential_process"
	case profile.Login:
		what = joinWords("aws login", profile.AccountOf(get("login_session")))
	case profile.Static:
		what = "access keys"
	default:
		what = string(kind)
	}
	return joinWords(what, get("region"))
}

func joinWords(words ...string) string {
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), ", ")
}
