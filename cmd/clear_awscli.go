package cmd

import (
	"fmt"
	"path/filepath"
	"slices"

	"assume-role/internal/clicache"
	"assume-role/internal/profile"
)

// clearAWSCLI removes sessions that the AWS CLI keeps.
func (c *clearing) clearAWSCLI() error {
	dir := c.folder("cli", "cache")
	if dir == "" {
		return nil
	}
	files, err := clicache.List(dir)
	if err != nil {
		return err
	}
	roles, signedIn := c.roles(), ssoRolesOf(c.chains)
	gone := &forgotten{now: c.host.Now(), longest: longestSession}
	for _, file := range files {
		named := len(c.profiles) == 0 || file.Belongs(roles...) || slices.ContainsFunc(signedIn, file.IsOf)
		if !named || c.expired && !file.Expired(gone.now) {
			continue
		}
		if c.went(file.Path, clicache.Remove(file)) {
			gone.add(file.Expires, 0)
		}
	}
	c.report(gone, "file", "of the AWS CLI's role cache")
	return nil
}

// clearTokens removes access tokens of Identity Center.
func (c *clearing) clearTokens() error {
	dir := c.folder("sso", "cache")
	if dir == "" {
		return nil
	}
	tokens, err := clicache.ListTokens(dir)
	if err != nil {
		return err
	}
	gone := &forgotten{now: c.host.Now()}
	for _, token := range tokens {
		if !c.namesToken(token) || c.expired && !token.Expired(gone.now) {
			continue
		}
		if c.went(token.Path, clicache.RemoveToken(token)) {
			gone.add(token.Expires, 0)
		}
	}
	c.report(gone, "access token", "of Identity Center")
	return nil
}

// namesToken reports whether a token is that of one of the profiles.
func (c *clearing) namesToken(token clicache.Token) bool {
	return len(c.profiles) == 0 || slices.ContainsFunc(ssoRolesOf(c.chains), func(r clicache.SSORole) bool {
		return r.TokenName() == filepath.Base(token.Path)
	})
}

// went reports whether a file is gone, and names it where it is not.
func (c *clearing) went(path string, err error) bool {
	if err != nil {
		c.stayed++
		c.stderr(fmt.Sprintf("%s stayed: %s", path, plainError(err)))
		return false
	}
	c.debug("removed %s", path)
	return true
}

// roles are those that the profiles assume, and have assumed.
func (c *clearing) roles() []string {
	roles := slices.Clone(c.formerly)
	for _, chain := range c.chains {
		if chain.Source.Role != nil {
			roles = append(roles, chain.Source.Role.RoleARN)
		}
		for _, call := range chain.Calls {
			roles = append(roles, call.RoleARN)
		}
	}
	return roles
}

// ssoRolesOf are the roles of Identity Center that chains begin with.
func ssoRolesOf(chains []*profile.Chain) []clicache.SSORole {
	var roles []clicache.SSORole
	for _, chain := range chains {
		s := chain.Source.Settings
		if chain.Source.Kind == profile.SSO {
			roles = append(roles, clicache.SSORole{
				AccountID: s["sso_account_id"].Text, RoleName: s["sso_role_name"].Text,
				Session: s["sso_session"].Text, StartURL: s["sso_start_url"].Text,
			})
		}
	}
	return roles
}

// folder is a folder of the AWS CLI's; empty where there is no home, and so
// none.
func (c *clearing) folder(names ...string) string {
	dir, err := c.awsFolder(names...)
	if err != nil || dir == "" {
		c.debug("there is no home folder, and nothing of the AWS CLI's")
	}
	return dir
}

// awsFolder is a folder below ~/.aws, which no variable moves; empty where both
// files have been named and there is no home.
func (a *app) awsFolder(names ...string) (string, error) {
	files, err := a.files()
	if err != nil || files.Home == "" {
		return "", err
	}
	return filepath.Join(append([]string{files.Home, ".aws"}, names...)...), nil
}
