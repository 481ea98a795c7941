//go:build unix

package program

import (
	"context"
	"os/exec"
)

// shell is a command line as the user's own scripts would run it.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "/bin/sh", "-c", line)
}
