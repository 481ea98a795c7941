package mfa

import (
	"os/exec"
	"syscall"
)

// apart keeps Ctrl-C from a program that needs no console: this process ends
// it.
func apart(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
