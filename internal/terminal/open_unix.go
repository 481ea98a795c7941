//go:build unix

package terminal

import (
	"fmt"
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

const device = "/dev/tty"

// open opens the controlling terminal if the process is in its foreground:
// reading from the background would stop the whole job (SIGTTIN, and SIGTTOU
// for changing the echo), which looks like a hang to whoever started it.
func open() (*Terminal, error) {
	f, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	if err := foreground(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	return &Terminal{in: f, out: f}, nil
}

// foreground returns an error unless the process may read from the terminal.
func foreground(f *os.File) error {
	return control(f, func(fd int) error {
		group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
		if err != nil {
			return err
		}
		if group != unix.Getpgrp() {
			return fmt.Errorf("the program runs in the background of %s", device)
		}
		return nil
	})
}

// lineMode sets the terminal to whole lines, signals for Ctrl-C and the echo
// as wanted, and returns what sets it back. Nothing typed ahead is dropped.
func (t *Terminal) lineMode(echo bool) (restore func(), err error) {
	return t.mode(func(before unix.Termios) *unix.Termios { return lines(before, echo) })
}

// mode changes the terminal's setting and returns what sets it back.
func (t *Terminal) mode(change func(unix.Termios) *unix.Termios) (restore func(), err error) {
	var before *unix.Termios
	err = control(t.in, func(fd int) error {
		if before, err = unix.IoctlGetTermios(fd, getTermios); err != nil {
			return err
		}
		return unix.IoctlSetTermios(fd, setTermios, change(*before))
	})
	if err != nil {
		return nil, err
	}
	return func() {
		_ = control(t.in, func(fd int) error { return unix.IoctlSetTermios(fd, setTermios, before) })
	}, nil
}

// notifyResumed tells of every time that the process goes on after a stop.
func notifyResumed(c chan<- os.Signal) { signal.Notify(c, unix.SIGCONT) }

// lines is the terminal setting for reading lines.
func lines(mode unix.Termios, echo bool) *unix.Termios {
	mode.Lflag |= unix.ICANON | unix.ISIG
	mode.Iflag |= unix.ICRNL
	mode.Oflag |= unix.OPOST | unix.ONLCR
	if echo {
		mode.Lflag |= unix.ECHO
	} else {
		mode.Lflag &^= unix.ECHO | unix.ECHONL
	}
	return &mode
}

// control runs f on the file's descriptor without taking the file out of the
// poller, as (*os.File).Fd could.
func control(file *os.File, f func(fd int) error) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}
