//go:build unix

package program

import (
	"context"
	"os"
	"os/exec"
	"syscall"
)

// shell is a command line as the user's own scripts would run it. Ending it
// ends what it started, too: on a terminal Ctrl-C reaches the whole group;
// where there is none, it is a group of its own, or a program of the shell's
// would live on and keep the caller's stderr open.
func shell(ctx context.Context, line string) *exec.Cmd {
	command := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	if onTerminal() {
		return command
	}
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	endWhole(command)
	return command
}

// setApart gives the command a session of its own, whose programs cannot open
// the terminal of this one.
func setApart(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	endWhole(command)
}

// endWhole makes the end of the command that of its group.
func endWhole(command *exec.Cmd) {
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}

// onTerminal reports whether this process has a controlling terminal: a group
// in its background may not read from it.
func onTerminal() bool {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	_ = tty.Close()
	return true
}
