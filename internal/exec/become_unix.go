//go:build unix

package exec

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// shell runs a script without a #! line, as execvp(3) has it.
const shell = "/bin/sh"

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
	err = execve(c.Path, c.Args, c.Env)
	if errors.Is(err, syscall.ENOEXEC) {
		err = execve(shell, slices.Concat([]string{shell, c.Path}, c.Args[1:]), c.Env)
	}
	if errors.Is(err, fs.ErrNotExist) && executable(c.Path) == nil {
		err = errBadInterpreter
	}
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
