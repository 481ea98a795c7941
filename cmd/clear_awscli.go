package cmd

import (
	"fmt"
	"path/filepath"

	"assume-role/internal/clicache"
	"assume-role/internal/profile"
)

// clearAWSCLI removes sessions that the AWS CLI keeps, and says how many
// stayed.
func (a *app) clearAWSCLI(opts *clearOptions, chains []*profile.Chain) (stayed int, err error) {
	dir, err := a.awsFolder("cli", "cache")
	if err != nil {
		return 0, err
	}
	files, err := clicache.List(dir)
	if err != nil {
		return 0, err
	}
	roles, removed := rolesOf(chains), 0
	for _, file := range files {
		named := len(opts.profiles) == 0 || file.Belongs(roles...)
		if !named || opts.expired && !file.Expired(a.host.Now()) {
			continue
		}
		if a.went(file.Path, clicache.Remove(file)) {
			removed++
		} else {
			stayed++
		}
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of the AWS CLI's role cache removed\n", count(removed, "file"))
	return stayed, err
}

// clearSSO removes access tokens of Identity Center, and says how many stayed.
func (a *app) clearSSO() (stayed int, err error) {
	dir, err := a.awsFolder("sso", "cache")
	if err != nil {
		return 0, err
	}
	tokens, err := clicache.ListTokens(dir)
	if err != nil {
		return 0, err
	}
	for _, token := range tokens {
		if !a.went(token.Path, clicache.RemoveToken(token)) {
			stayed++
		}
	}
	_, err = fmt.Fprintf(a.host.Out, "%s of Identity Center removed\n", count(len(tokens)-stayed, "access token"))
	return stayed, err
}

// went reports whether a file is gone, and names it where it is not.
func (a *app) went(path string, err error) bool {
	if err != nil {
		a.stderr(fmt.Sprintf("%s stayed: %s", filepath.Base(path), plainError(err)))
	}
	return err == nil
}

// rolesOf are the roles that the chains assume.
func rolesOf(chains []*profile.Chain) []string {
	var roles []string
	for _, chain := range chains {
		for _, call := range chain.Calls {
			if call.RoleARN != "" {
				roles = append(roles, call.RoleARN)
			}
		}
	}
	return roles
}

// awsFolder is a folder below ~/.aws, which no variable moves.
func (a *app) awsFolder(names ...string) (string, error) {
	files, err := a.files()
	if err != nil {
		return "", err
	}
	return filepath.Join(append([]string{files.Home, ".aws"}, names...)...), nil
}
