//go:build unix

package cmd_test

import (
	"os"

	"golang.org/x/sys/unix"
)

// leaveTerminal gives up the controlling terminal, of this process and of those
// that it starts. Ctrl-C still ends them: they stay in the terminal's
// foreground.
func leaveTerminal() {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return
	}
	defer tty.Close()
	_ = unix.IoctlSetInt(int(tty.Fd()), unix.TIOCNOTTY, 0)
}
