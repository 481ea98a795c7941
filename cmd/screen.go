package cmd

import (
	"io"

	"assume-role/internal/terminal"
)

// screen is who reads a result, and where: a person, on a terminal of so many
// columns and with its colours, or a program, for which a record is a line and
// nothing is left out (docs/scripting.md).
type screen struct {
	terminal.Palette
	person bool
	// columns is 0 where they are not known: then nothing is fitted to them.
	columns int
}

// screen is that of stdout.
func (a *app) screen() screen {
	s := screen{Palette: a.palette(1, a.host.OutTerminal), person: a.host.OutTerminal}
	if s.person {
		s.columns = terminal.Columns(a.host.Stdio[1])
	}
	return s
}

// write writes a result in the form for who reads it.
func (on screen) write(out io.Writer, forPeople, records func(screen) string) error {
	form := records
	if on.person {
		form = forPeople
	}
	_, err := io.WriteString(out, form(on))
	return err
}

// palette is that of stdout (1) or stderr (2).
func (a *app) palette(stream int, isTerminal bool) terminal.Palette {
	return terminal.PaletteOf(a.host.Stdio[stream], isTerminal, a.host.Getenv)
}
