//go:build unix

package mfa

import (
	"os/exec"
	"syscall"
)

// apart keeps a program that needs no terminal out of this process's group, so
// that Ctrl-C comes to this process alone, which then ends the program with all
// that it started.
func apart(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
