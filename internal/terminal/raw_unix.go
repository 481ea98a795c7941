//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// rawMode hands over each key at once and returns what sets the mode back.
func (t *Terminal) rawMode() (restore func(), err error) {
	return t.mode(raw)
}

// raw is the terminal setting for reading keys (termios(3), but for the output,
// which stays as it is).
func raw(mode unix.Termios) *unix.Termios {
	mode.Iflag &^= unix.BRKINT | unix.PARMRK | unix.ISTRIP | unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	mode.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	mode.Cc[unix.VMIN], mode.Cc[unix.VTIME] = 1, 0
	return &mode
}

// size is zero where the terminal does not tell.
func (t *Terminal) size() (columns, rows int) {
	_ = control(t.out, func(fd int) error {
		size, err := unix.IoctlGetWinsize(fd, unix.TIOCGWINSZ)
		if err == nil {
			columns, rows = int(size.Col), int(size.Row)
		}
		return err
	})
	return columns, rows
}

// notifyChanged tells of another size, and of every time that the process goes
// on after a stop.
func notifyChanged(c chan<- os.Signal) { signal.Notify(c, unix.SIGWINCH, unix.SIGCONT) }

// stopsWithin is how long a signal that a process sends itself can take to
// arrive, with room to spare.
const stopsWithin = 100 * time.Millisecond

// suspend stops the process group as the terminal would. Whether stops are
// ignored cannot be asked for, so it is seen by going on.
func suspend(resumed <-chan os.Signal) {
	if unix.Kill(0, unix.SIGTSTP) != nil {
		return
	}
	timer := time.NewTimer(stopsWithin)
	defer timer.Stop()
	select {
	case <-resumed:
	case <-timer.C:
	}
}
