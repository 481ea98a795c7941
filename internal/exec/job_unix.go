//go:build unix

package exec

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// stopWith stops this process because its child stopped, where a shell's job
// control waits for it, and when the shell continues the job, sees that the
// child goes on, too
// (https://www.gnu.org/software/libc/manual/html_node/Job-Control.html). Where
// no shell would notice, nobody would continue this process either. Where the
// child has ended meanwhile, as it was continued first, end is how.
func stopWith(child *os.Process, by unix.Signal) (end syscall.WaitStatus, ended bool) {
	if !isJob() && !stopsWithGroup(child, by) {
		return 0, false
	}
	own := ownForeground(child)
	stop()
	return resume(child, own)
}

// stop returns when this process has been continued. The signal may take effect
// on another thread, a moment after the call.
func stop() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	if unix.Kill(unix.Getpid(), unix.SIGSTOP) == nil {
		<-continued
	}
}

// isJob reports whether the parent is a shell that made this process's group:
// it is of the same session, and of another group.
func isJob() bool {
	parent := unix.Getppid()
	if parent == 0 {
		return false // it is outside of this container
	}
	theirs, err := unix.Getsid(parent)
	if err != nil {
		return false
	}
	ours, err := unix.Getsid(0)
	if err != nil || theirs != ours {
		return false
	}
	group, err := unix.Getpgid(parent)
	return err == nil && group != unix.Getpgrp()
}

// stopsWithGroup reports whether Ctrl-Z has stopped the whole group, of which a
// shell continues whatever stops. The kernel lets no SIGTSTP stop a group that
// has no such shell. The parent may be one like this, which waits for this one
// to stop.
func stopsWithGroup(child *os.Process, by unix.Signal) bool {
	group, err := unix.Getpgid(child.Pid)
	return by == unix.SIGTSTP && err == nil && group == unix.Getpgrp() && inForeground()
}

// ownForeground is the child's group, where it has one of its own and had taken
// the terminal, as a shell does; else 0.
func ownForeground(child *os.Process) int {
	group, err := unix.Getpgid(child.Pid)
	if err != nil || group == unix.Getpgrp() {
		return 0
	}
	if front, ok := foreground(); !ok || front != group && front != unix.Getpgrp() {
		return 0
	}
	return group
}

// resume continues the child, unless the shell's signal to the whole group has
// done so. A child with a group of its own gets the terminal back first. To ask
// whether it goes on is to hear of its end, too, which is not told twice.
func resume(child *os.Process, group int) (end syscall.WaitStatus, ended bool) {
	if group != 0 && inForeground() {
		if tty, err := openTTY(); err == nil {
			_ = unix.IoctlSetPointerInt(tty, unix.TIOCSPGRP, group)
			_ = unix.Close(tty)
		}
	}
	var state syscall.WaitStatus
	if pid, err := syscall.Wait4(child.Pid, &state, unix.WCONTINUED|unix.WNOHANG, nil); err == nil && pid != 0 {
		return state, !state.Continued()
	}
	if group != 0 {
		_ = unix.Kill(-group, unix.SIGCONT)
		return 0, false
	}
	_ = child.Signal(unix.SIGCONT)
	return 0, false
}
