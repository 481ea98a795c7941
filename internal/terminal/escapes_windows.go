package terminal

import (
	"os"

	"golang.org/x/sys/windows"
)

// obeysEscapes has a console obey escape sequences, which those before Windows
// 10 cannot
// (https://learn.microsoft.com/windows/console/console-virtual-terminal-sequences).
func obeysEscapes(file *os.File) bool {
	if file == nil {
		return false
	}
	console := windows.Handle(file.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return mode&windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING != 0 ||
		windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// termSays: a console has no TERM.
const termSays = false
