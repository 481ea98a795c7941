package picker

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"assume-role/internal/terminal"
)

// none is the palette without colours.
var none terminal.Palette

// vt is a terminal that understands what the list is drawn with, and nothing
// else: what it does not know is an error.
type vt struct {
	columns, rows int
	cells         [][]string
	x, y          int
	scrolled      int
	pasteMode     bool
	problem       string
}

func newVT(columns, rows int) *vt {
	s := &vt{columns: columns, rows: rows}
	for range rows {
		s.cells = append(s.cells, make([]string, columns))
	}
	return s
}

func (s *vt) Size() (columns, rows int) { return s.columns, s.rows }

func (s *vt) Write(text []byte) (int, error) {
	for rest := string(text); rest != ""; {
		switch {
		case rest[0] == '\r':
			s.x, rest = 0, rest[1:]
		case rest[0] == '\n':
			s.newline()
			rest = rest[1:]
		case rest[0] == escape:
			rest = s.obey(rest)
		default:
			r, size := utf8.DecodeRuneInString(rest)
			s.put(r)
			rest = rest[size:]
		}
	}
	return len(text), nil
}

func (s *vt) put(r rune) {
	width := terminal.Width(string(r))
	if r < ' ' || r == utf8.RuneError {
		s.problem = fmt.Sprintf("it was sent %q", r)
	}
	if s.x+width >= s.columns+1 || s.x+width == s.columns && s.columns > 1 {
		s.problem = fmt.Sprintf("%q reaches the last column", r)
		return
	}
	if width == 0 {
		return
	}
	s.cells[s.y][s.x] = string(r)
	for i := 1; i < width; i++ {
		s.cells[s.y][s.x+i] = "\x00" // the other half
	}
	s.x += width
}

func (s *vt) newline() {
	if s.y++; s.y == s.rows {
		s.cells = append(s.cells[1:], make([]string, s.columns))
		s.y--
		s.scrolled++
	}
}

// obey does one escape sequence and returns what follows it.
func (s *vt) obey(text string) (rest string) {
	end := strings.IndexFunc(text[2:], func(r rune) bool { return r >= '@' }) + 2
	sequence, rest := text[2:end+1], text[end+1:]
	n := 1
	_, _ = fmt.Sscanf(sequence, "%d", &n)
	switch {
	case sequence == "K":
		clear(s.cells[s.y][s.x:])
	case sequence == "J" && s.x == 0 && s.y == 0:
		s.problem = "the whole screen was cleared: some keep it in their scrollback"
	case sequence == "J":
		clear(s.cells[s.y][s.x:])
		for _, row := range s.cells[s.y+1:] {
			clear(row)
		}
	case sequence == "?2004h", sequence == "?2004l":
		s.pasteMode = strings.HasSuffix(sequence, "h")
	case strings.HasSuffix(sequence, "A"):
		s.y = max(0, s.y-n)
	case strings.HasSuffix(sequence, "C"):
		s.x = min(s.columns-1, s.x+n)
	case strings.HasSuffix(sequence, "m"):
	default:
		s.problem = fmt.Sprintf("it was sent the sequence %q", sequence)
	}
	return rest
}

// text is what is on the screen, without what is empty below and behind.
func (s *vt) text() string {
	var lines []string
	for _, row := range s.cells {
		var line strings.Builder
		for _, cell := range row {
			switch cell {
			case "":
				line.WriteByte(' ')
			case "\x00":
			default:
				line.WriteString(cell)
			}
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
