//go:build unix

package exec

import (
	"errors"
	"os"
	"syscall"
)

// Become replaces this process with the command (execve): same pid, terminal,
// working folder and open descriptors. It returns only when that failed, with
// a *StartError.
//
// What Go changed at start is undone where Go has kept a record of it:
// handlers go with execve, syscall.Exec restores the soft limit of descriptors,
// Go's own descriptors are close-on-exec. SIGHUP and SIGINT that the caller
// ignored stay ignored, and so do stop signals; blocked signals stay blocked
// but for those that Go must receive (HUP, INT, QUIT, TERM, CHLD, PROF, URG and
// faults). Of the other ignored signals there is no record left.
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
