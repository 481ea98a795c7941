package cmd

import (
	"path/filepath"
	"strings"

	"assume-role/internal/clicache"
)

// sayLeft names what other programs keep and this run did not clear, where all
// was meant to go.
func (c *clearing) sayLeft() {
	if len(c.profiles) > 0 || c.expired {
		return
	}
	var left []string
	if files, err := clicache.List(c.folder("cli", "cache")); err == nil && len(files) > 0 && c.keepsAWSCLI() {
		left = append(left, count(len(files), "file")+" of the AWS CLI's role cache")
	}
	if tokens, err := clicache.ListTokens(c.folder("sso", "cache")); err == nil && len(tokens) > 0 && !c.sso {
		left = append(left, count(len(tokens), "access token")+" of Identity Center (--sso removes them)")
	}
	if n := c.loginSessions(); n > 0 {
		left = append(left, count(n, "session")+" of aws login (assume-role logout --all ends them)")
	}
	if len(left) > 0 {
		c.note("left as they are: " + strings.Join(left, ", "))
	}
}

// loginSessions is how many files `aws login` keeps.
func (c *clearing) loginSessions() int {
	_, dir, err := c.signInFolders()
	if err != nil || dir == "" {
		return 0
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return 0
	}
	return len(files)
}
