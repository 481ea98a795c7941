//go:build unix

package exec

import (
	"errors"
	"os"
	"syscall"
)

// Become replaces this process with the command (execve): same pid, terminal,
// working folder and open descriptors. It returns only when that failed, with
// a *StartError. A file that the kernel takes for no program is given to
// /bin/sh, as execvp(3) does.
//
// What Go changed at start is undone: handled signals get their default action
// by execve itself, syscall.Exec restores the soft limit of descriptors, and
// Go's own descriptors are close-on-exec. SIGHUP and SIGINT that the caller
// ignored stay ignored; of other ignored signals Go keeps no record.
func Become(c Command, _ Stdio) (status int, err error) {
	if err := c.carriable(); err != nil {
		return StatusFailed, err
	}
	err = c.attempt(func(path string, args []string) error { return execve(path, args, c.Env) })
	failed := notStarted(c.Args[0], err)
	return failed.Status, failed
}

// execve tries again where a signal or a writer that is just closing the file
// gets in the way.
func execve(path string, args, env []string) error {
	for {
		if err := syscall.Exec(path, args, env); !errors.Is(err, syscall.EINTR) {
			return os.NewSyscallError("execve", err)
		}
	}
}
