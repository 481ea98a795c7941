package terminal

import (
	"os"

	"golang.org/x/term"
)

// Style is how a terminal shows a text: one of its own colours, which its owner
// has made readable on its background, or an attribute. It never is all that
// tells two things apart (SGR, ECMA-48 section 8.3.117).
type Style string

// The styles that are used.
const (
	Plain  Style = ""
	Bold   Style = "1"
	Dim    Style = "2"
	Red    Style = "31"
	Green  Style = "32"
	Yellow Style = "33"
)

// Palette paints what a stream shows. The zero value leaves all as it is.
type Palette struct{ on bool }

// PaletteOf is the palette of a terminal: none where NO_COLOR is set and not
// empty (https://no-color.org), on a dumb terminal, and on a console that shows
// escape sequences instead of obeying them (file is its stream). For what is no
// terminal there is none, and nothing that a user sets changes that: what a
// program reads has no colours in it.
func PaletteOf(file *os.File, isTerminal bool, getenv func(string) string) Palette {
	return Palette{isTerminal && getenv("NO_COLOR") == "" && !Dumb(getenv) && obeysEscapes(file)}
}

// Dumb reports whether the terminal can only add to what it shows, or whether
// nobody says what it can: TERM is dumb or, but for a console of Windows, which
// has none, not set.
func Dumb(getenv func(string) string) bool {
	kind := getenv("TERM")
	return kind == "dumb" || kind == "" && termSays
}

// On reports whether there are colours.
func (p Palette) On() bool { return p.on }

// Paint is a visible text in a style.
func (p Palette) Paint(style Style, text string) string {
	if !p.on || style == Plain || text == "" {
		return text
	}
	return "\x1b[" + string(style) + "m" + text + "\x1b[m"
}

// Columns is how wide the terminal behind a stream is; 0 where that is not
// known.
func Columns(file *os.File) int {
	if file == nil {
		return 0
	}
	columns, _, err := term.GetSize(int(file.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
