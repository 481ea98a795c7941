package mfa

import (
	"os/exec"
	"runtime"
	"syscall"
)

// bound runs a command that must not outlive this process. The kernel counts
// the thread that started it for its parent, so that thread stays.
func bound(command *exec.Cmd, run func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Pdeathsig = syscall.SIGTERM
	return run()
}
