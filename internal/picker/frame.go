package picker

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"assume-role/internal/terminal"
)

// mostRows is how many rows of the list are shown on a terminal that has room
// for more.
const mostRows = 15

// frame is what is shown: lines that fit the terminal, and the column where the
// cursor stands in the first.
type frame struct {
	lines  []string
	cursor int
}

// frame draws the list for a terminal of this size. The last column stays
// free, where terminals differ in what they do with the next character.
func (m *model) frame(columns, rows int, palette terminal.Palette) frame {
	width := max(1, columns-1)
	room := max(0, min(mostRows, rows-1))
	view := m.inView(room)
	header, cursor := m.header(width)
	f := frame{[]string{header}, cursor}
	if room == 0 {
		f.lines[0] += m.besideHeader(width - cursor)
		return f
	}
	if len(view) == 0 {
		f.lines = append(f.lines, terminal.Shorten("  nothing matches", width))
	}
	widths := cellWidths(m.list, m.names, view)
	for i, index := range view {
		f.lines = append(f.lines, m.line(index, m.top+i == m.selected, widths, width, palette))
	}
	return f
}

// header is the line that is typed into, and the cursor's column. Where it is
// too long, the title goes first, then the beginning of what was typed.
func (m *model) header(width int) (line string, cursor int) {
	prompt := fmt.Sprintf("%s (%d of %d): ", m.list.Title, len(m.matching), len(m.names))
	if terminal.Width(prompt)+min(terminal.Width(m.query), width/2) >= width {
		prompt = "> "
	}
	query := m.query
	for query != "" && terminal.Width(prompt+query) >= width {
		_, size := utf8.DecodeRuneInString(query)
		query = query[size:]
	}
	line = terminal.Shorten(prompt+query, width)
	return line, min(terminal.Width(line), width-1)
}

// besideHeader names the selected choice where there is but one line.
func (m *model) besideHeader(room int) string {
	index, ok := m.current()
	if !ok || room < 4 {
		return ""
	}
	return terminal.Shorten("  "+m.names[index], room)
}

// line is one row of the list. The mark in front says which one is selected
// where there are no colours.
func (m *model) line(index int, selected bool, widths []int, width int, palette terminal.Palette) string {
	row, mark, style := m.list.Row(index), "  ", terminal.Plain
	if row.Mark != "" {
		style = terminal.Red
	}
	if selected {
		mark, style = "> ", terminal.Bold
	}
	text := terminal.Shorten(mark+rowText(row, m.names[index], widths), width)
	return palette.Paint(style, strings.TrimRight(text, " "))
}

// bytes are what shows the frame in place of the one before, from a cursor in
// its first line: each line is cleared behind its text, and so is what is below.
func (f frame) bytes() []byte {
	var b strings.Builder
	b.WriteString("\r")
	for i, line := range f.lines {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString(line + "\x1b[K")
	}
	b.WriteString("\x1b[J")
	if up := len(f.lines) - 1; up > 0 {
		fmt.Fprintf(&b, "\x1b[%dA", up)
	}
	b.WriteString("\r")
	if f.cursor > 0 {
		fmt.Fprintf(&b, "\x1b[%dC", f.cursor)
	}
	return []byte(b.String())
}
