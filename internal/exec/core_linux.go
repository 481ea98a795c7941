package exec

import "golang.org/x/sys/unix"

// NoCoreFile keeps this process from leaving a core file, which would hold
// its secrets, and other programs of the same user from reading its memory
// (https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html). The
// command that it becomes is not affected: execve sets the attribute anew.
func NoCoreFile() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
