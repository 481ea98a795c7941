package terminal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// rawMode hands over each key at once, as the escape sequences that other
// terminals send, and returns what sets the mode back
// (https://learn.microsoft.com/windows/console/setconsolemode).
func (t *Terminal) rawMode() (restore func(), err error) {
	if !obeysEscapes(t.out) {
		return nil, errors.New("the console does not obey escape sequences")
	}
	console := windows.Handle(t.in.Fd())
	var before uint32
	if err := windows.GetConsoleMode(console, &before); err != nil {
		return nil, err
	}
	mode := before &^ (windows.ENABLE_LINE_INPUT | windows.ENABLE_ECHO_INPUT | windows.ENABLE_PROCESSED_INPUT)
	if err := windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_INPUT); err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(console, before) }, nil
}

// size is zero where the console does not tell.
func (t *Terminal) size() (columns, rows int) {
	columns, rows, err := term.GetSize(int(t.out.Fd()))
	if err != nil {
		return 0, 0
	}
	return columns, rows
}

// notifyChanged does nothing: Windows sends no such signals.
func notifyChanged(chan<- os.Signal) {}

// suspend does nothing: Windows does not stop processes.
func suspend(<-chan os.Signal) {}
