package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stepLimit is how long one command may take, answers included.
const stepLimit = time.Minute

// seat is a command on a terminal of its own.
type seat struct {
	command  *exec.Cmd
	keyboard *os.File
}

// sitDown starts a command on a new terminal of the size given.
func sitDown(command *exec.Cmd, columns, rows int) (*seat, error) {
	master, slave, err := openTerminal(columns, rows)
	if err != nil {
		return nil, err
	}
	defer slave.Close()
	command.Stdin, command.Stdout, command.Stderr = slave, slave, slave
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, master.Close())
	}
	return &seat{command, master}, master.SetReadDeadline(time.Now().Add(stepLimit))
}

// openTerminal is a new terminal: the side of who types, and that of programs
// (https://man7.org/linux/man-pages/man4/ptmx.4.html).
func openTerminal(columns, rows int) (master, slave *os.File, err error) {
	if master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0); err != nil {
		return nil, nil, err
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err = errors.Join(err,
		unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
		unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(columns), Row: uint16(rows)}),
		unix.SetNonblock(fd, true), // Fd has undone it
	); err == nil {
		slave, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		return nil, nil, errors.Join(err, master.Close())
	}
	return master, slave, nil
}

// read is what the command shows next; done is that it has left the terminal.
func (s *seat) read() (text string, done bool, err error) {
	b := make([]byte, 4096)
	n, err := s.keyboard.Read(b)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "", false, errors.New("it waits for something that the recording does not type")
	}
	return string(b[:n]), err != nil, nil
}

func (s *seat) press(keys string) error {
	_, err := s.keyboard.WriteString(keys)
	return err
}

// standUp ends it all; the status is the command's own.
func (s *seat) standUp() error {
	_ = s.keyboard.Close() // a command that is still there gets SIGHUP
	return s.command.Wait()
}
