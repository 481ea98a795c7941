//go:build unix

package exec

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// forwarded are the signals that end, or mean something to, a program and can
// be caught, and SIGCHLD, which tells of the child itself. SIGTSTP is one of
// them: a child that pays no heed to Ctrl-Z goes on, and so must its parent, or
// the shell would take the terminal from a program that runs.
func forwarded() []os.Signal {
	return []os.Signal{
		unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGTSTP,
		unix.SIGUSR1, unix.SIGUSR2, unix.SIGALRM, unix.SIGWINCH, unix.SIGCHLD,
	}
}

// attend waits for the child and passes signals on. One goroutine does both, so
// that no signal goes to a process id that is free again.
func attend(child *os.Process, signals <-chan os.Signal) (status int) {
	for {
		if status, ended := look(child); ended {
			return status
		}
		forward(child, <-signals)
	}
}

// forward passes a signal on. What a key of the terminal or its new size sends
// goes to the whole foreground group, so the child has had it already.
func forward(child *os.Process, s os.Signal) {
	switch s {
	case unix.SIGCHLD:
		return
	case unix.SIGINT, unix.SIGQUIT, unix.SIGTSTP, unix.SIGWINCH:
		if inForeground() {
			return
		}
	}
	_ = child.Signal(s) // The child may have ended: then there is no one to tell.
}

// look asks what has become of the child.
func look(child *os.Process) (status int, ended bool) {
	for {
		var state syscall.WaitStatus
		pid, err := syscall.Wait4(child.Pid, &state, syscall.WUNTRACED|syscall.WNOHANG, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return StatusFailed, true
		case pid == 0:
			return 0, false
		case state.Stopped():
			if end, ended := stopWith(child, state.StopSignal()); ended {
				return leave(child, end), true
			}
		default:
			return leave(child, state), true
		}
	}
}

// leave forgets a child that has ended.
func leave(child *os.Process, end syscall.WaitStatus) (status int) {
	_ = child.Release()
	return statusOf(end)
}

// inForeground reports whether this process is in the foreground group of its
// controlling terminal.
func inForeground() bool {
	front, ok := foreground()
	return ok && front == unix.Getpgrp()
}

// InBackground reports whether another group is in the foreground of this
// process's terminal: reading from it would stop this one.
func InBackground() bool {
	front, ok := foreground()
	return ok && front != unix.Getpgrp()
}

// foreground is the foreground group of this process's terminal, if it has one.
func foreground() (group int, ok bool) {
	tty, err := openTTY()
	if err != nil {
		return 0, false
	}
	defer unix.Close(tty)
	group, err = unix.IoctlGetInt(tty, unix.TIOCGPGRP)
	return group, err == nil
}

func openTTY() (int, error) {
	return unix.Open("/dev/tty", unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
}

func statusOf(state syscall.WaitStatus) int {
	if state.Signaled() {
		return 128 + int(state.Signal())
	}
	return state.ExitStatus()
}
