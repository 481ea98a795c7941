package terminal

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// open opens the console that the process is attached to.
func open() (*Terminal, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, errors.Join(err, in.Close()))
	}
	return &Terminal{in: in, out: out}, nil
}

// lineMode sets the console to whole lines with the echo as wanted, and
// returns what sets it back.
func (t *Terminal) lineMode(echo bool) (restore func(), err error) {
	console := windows.Handle(t.in.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	mode := before | windows.ENABLE_LINE_INPUT | windows.ENABLE_PROCESSED_INPUT
	if echo {
		mode |= windows.ENABLE_ECHO_INPUT
	} else {
		mode &^= windows.ENABLE_ECHO_INPUT
	}
	if err := windows.SetConsoleMode(console, mode); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(console, before) }, nil
}

// notifyResumed does nothing: Windows does not stop processes.
func notifyResumed(chan<- os.Signal) {}
