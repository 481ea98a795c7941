package cmd

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"assume-role/internal/clicache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

func newSSOLogout(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "logout [SESSION...]",
		Short: "Sign out of IAM Identity Center",
		Long: `Sign out at the access portals of SESSIONs (sso-sessions or profiles), or of
all: AWS is told, the tokens are removed, and so are the cached sessions that
came from them, ours and the AWS CLI's. What AWS gave out before stays valid
until it expires.`,
		Example: `  assume-role sso logout
  assume-role sso logout corp`,
		Args:              anyProfiles,
		ValidArgsFunction: a.completeEachSignIn,
		RunE:              func(c *cobra.Command, args []string) error { return a.runSSOLogout(c.Context(), args) },
	}
}

// signedIn is one sign-in to end: a portal, and the token's file.
type signedIn struct {
	source *profile.Source
	file   string
}

// tokenFile is the name of the file that holds a sign-in's token.
func tokenFile(s *profile.Source) string {
	if name := s.Settings["sso_session"].Text; name != "" {
		return sso.Key(name) + ".json"
	}
	return sso.Key(s.Settings["sso_start_url"].Text) + ".json"
}

// runSSOLogout ends each sign-in, whatever happens to the others.
func (a *app) runSSOLogout(ctx context.Context, words []string) error {
	a.flags.noPrompt = true // not even for a passphrase
	settings, err := a.settings()
	if err != nil {
		return err
	}
	ending, err := a.toEnd(words, settings)
	if err != nil {
		return err
	}
	c := &clearing{app: a, clearOptions: &clearOptions{}, settings: settings}
	failures := c.dropSessionsOf(ctx, ending, len(words) == 0)
	for _, one := range ending {
		if err := c.signOut(ctx, one); err != nil {
			failures = append(failures, err)
		}
	}
	if len(ending) == 0 {
		c.say("nobody is signed in")
	}
	return c.finishNamed(failures)
}

// finishNamed is finish without a word on what was not meant to go.
func (c *clearing) finishNamed(failures []error) error {
	c.expired = true
	return c.finish(failures)
}

// toEnd is what the words name, or all that there are: those that the
// config knows, and tokens of which it no longer does.
func (a *app) toEnd(words []string, settings Settings) ([]signedIn, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	var named []signedIn
	for _, word := range words {
		source, err := profile.PlanSSOSignIn(config, a.request(settings), word)
		if err != nil {
			return nil, err
		}
		named = append(named, signedIn{source, tokenFile(source)})
	}
	if len(words) > 0 {
		return named, nil
	}
	return a.allSignIns(config, settings)
}

func (a *app) allSignIns(config *profile.Config, settings Settings) ([]signedIn, error) {
	folder, err := a.awsFolder("sso", "cache")
	if err != nil || folder == "" {
		return nil, err
	}
	tokens, err := clicache.ListTokens(folder)
	if err != nil {
		return nil, err
	}
	known := a.knownSignIns(config, settings)
	var all []signedIn
	for _, token := range tokens {
		file := filepath.Base(token.Path)
		source := known[file]
		if source == nil {
			source = a.portalOf(config, settings, folder, file)
		}
		all = append(all, signedIn{source, file})
	}
	return all, nil
}

// knownSignIns are those that the config describes, by their tokens' files.
func (a *app) knownSignIns(config *profile.Config, settings Settings) map[string]*profile.Source {
	known := map[string]*profile.Source{}
	for _, name := range signIns(config) {
		if source, err := profile.PlanSSOSignIn(config, a.request(settings), name); err == nil {
			known[tokenFile(source)] = source
		}
	}
	return known
}

// portalOf is the portal that a token says it is of. Where it says none, only
// its file can be removed.
func (a *app) portalOf(config *profile.Config, settings Settings, folder, file string) *profile.Source {
	start, region := (&sso.Session{Folder: folder, File: file}).SignedInAt()
	source, err := profile.PlanSSOPortal(config, a.request(settings), start, region)
	if err != nil {
		a.debug("%s: %s", file, err)
		return &profile.Source{Kind: profile.SSO, Settings: map[string]profile.Value{"sso_start_url": {Text: start}}}
	}
	return source
}

// dropSessionsOf removes the cached sessions that came from the sign-ins. It
// comes before their end: which sessions those are depends on the token.
func (c *clearing) dropSessionsOf(ctx context.Context, ending []signedIn, all bool) (failures []error) {
	config, err := c.config()
	if err != nil {
		return []error{err}
	}
	for _, name := range config.Names() {
		chain, err := c.resolveNamed(name, &credentialFlags{}, c.settings)
		if err == nil && chain.Source.Kind == profile.SSO && slices.ContainsFunc(ending, func(s signedIn) bool { return s.file == tokenFile(&chain.Source) }) {
			c.profiles, c.chains = append(c.profiles, name), append(c.chains, chain)
		}
	}
	if len(c.profiles) > 0 {
		failures = append(failures, c.clearOurs(ctx))
	}
	failures = append(failures, c.clearPortals(all))
	return slices.DeleteFunc(failures, func(err error) bool { return err == nil })
}

// clearPortals removes sessions that the AWS CLI keeps of the roles, or of
// every role of Identity Center.
func (c *clearing) clearPortals(all bool) error {
	dir := c.folder("cli", "cache")
	if dir == "" {
		return nil
	}
	files, err := clicache.List(dir)
	if err != nil {
		return err
	}
	roles := ssoRolesOf(c.chains)
	gone := &forgotten{now: c.host.Now(), longest: longestSession}
	for _, file := range files {
		if (all && file.Provider == "sso" || slices.ContainsFunc(roles, file.IsOf)) && c.went(file.Path, clicache.Remove(file)) {
			gone.add(file.Expires, 0)
		}
	}
	if gone.n > 0 {
		c.report(gone, "file", "of the AWS CLI's role cache")
	}
	return nil
}

// signOut ends one sign-in.
func (c *clearing) signOut(ctx context.Context, one signedIn) error {
	assumer, err := c.portalAssumer(ctx, one.source, c.settings)
	if err != nil {
		return err
	}
	name := oneLine(portalName(one.source))
	if name == "" {
		name = one.file
	}
	session := assumer.SSO(one.source)
	session.File = one.file
	if !session.SignedIn() {
		c.say("nobody is signed in at " + name)
		return nil
	}
	untold, err := assumer.SignOutSSO(ctx, one.source, one.file)
	if untold != nil {
		c.stderr(fault.New("", "AWS could not be told that you signed out of %s, so the token stays valid there until it ends: %v", name, untold).Error())
	}
	if err == nil {
		c.say("signed out of " + name)
	}
	return err
}
