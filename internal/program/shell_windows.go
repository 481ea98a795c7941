package program

import (
	"context"
	"os/exec"
	"syscall"
)

// shell is a command line handed to cmd.exe as it stands: cmd.exe does not
// know the quoting that package exec would apply.
func shell(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "cmd.exe")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `cmd.exe /S /C "` + line + `"`}
	return cmd
}

// detachedProcess is DETACHED_PROCESS: no console
// (https://learn.microsoft.com/windows/win32/procthread/process-creation-flags).
const detachedProcess = 0x00000008

// setApart keeps the command from the console of this process.
func setApart(command *exec.Cmd) { command.SysProcAttr.CreationFlags |= detachedProcess }
