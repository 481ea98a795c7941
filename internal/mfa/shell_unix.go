//go:build unix

package mfa

import (
	"context"
	"os/exec"
)

// shell is a command line as the user's own shell scripts would run it.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "/bin/sh", "-c", line)
}
