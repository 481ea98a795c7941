package cmd

import (
	"slices"
	"strings"

	"assume-role/internal/terminal"
)

// cell is one field of a record. Its texts are visible (terminal.Visible), so
// that no field has a tab or the end of a line in it.
type cell struct {
	text string
	// short says the same in fewer columns, for a screen that is too narrow;
	// empty where nothing may be left out.
	short string
	style terminal.Style
}

// table is a list of records. The header is for people only; nil: there is
// none.
type table struct {
	header []string
	rows   [][]cell
}

// gap is between two columns.
const gap = "  "

// on shows the table to whoever reads the screen: aligned, or a line a record
// with a tab between the fields.
func (t table) on(s screen) string {
	if !s.person {
		return t.lines()
	}
	rows := t.rows
	if t.header != nil {
		rows = append([][]cell{headerCells(t.header)}, rows...)
	}
	return s.aligned(s.fitted(rows))
}

func headerCells(names []string) []cell {
	cells := make([]cell, len(names))
	for i, name := range names {
		cells[i] = cell{text: name, style: terminal.Bold}
	}
	return cells
}

func (t table) lines() string {
	var text strings.Builder
	for _, row := range t.rows {
		for i, c := range row {
			if i > 0 {
				text.WriteByte('\t')
			}
			text.WriteString(firstOf(c.text, "-"))
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// fitted takes the short forms of one column after the other, from the right,
// until the rows fit. What has no short form stays: a row then is wider than
// the screen.
func (s screen) fitted(rows [][]cell) [][]cell {
	widths := s.columnWidths(rows)
	for i := len(widths) - 1; i >= 0 && s.columns > 0 && total(widths) > s.columns; i-- {
		rows = shortened(rows, i)
		widths = s.columnWidths(rows)
	}
	return rows
}

// shortened are the rows with the short forms of one column.
func shortened(rows [][]cell, column int) [][]cell {
	short := make([][]cell, len(rows))
	for i, row := range rows {
		short[i] = slices.Clone(row)
		if column < len(row) && row[column].short != "" {
			short[i][column].text = row[column].short
		}
	}
	return short
}

func total(widths []int) int {
	sum := len(gap) * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}

// stray is how many columns a text may take, on a screen that has no more,
// before its column stops making room for it: one very long name would put
// what stands beside all others out of sight.
const stray = 80

func (s screen) columnWidths(rows [][]cell) []int {
	var widths []int
	for _, row := range rows {
		widths = append(widths, make([]int, max(0, len(row)-len(widths)))...)
		for i, c := range row {
			if width := terminal.Width(c.text); s.columns == 0 || width <= max(stray, s.columns) {
				widths[i] = max(widths[i], width)
			}
		}
	}
	return widths
}

// aligned pads all columns but a row's last one, so that no line ends in
// blanks.
func (s screen) aligned(rows [][]cell) string {
	widths := s.columnWidths(rows)
	var text strings.Builder
	for _, row := range rows {
		last := lastShown(row)
		for i, c := range row[:last+1] {
			text.WriteString(s.Paint(c.style, c.text))
			if i < last {
				text.WriteString(terminal.Pad("", widths[i]-terminal.Width(c.text)) + gap)
			}
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// lastShown is the place of a row's last field with a text; 0 where none has.
func lastShown(row []cell) int {
	for i := len(row) - 1; i > 0; i-- {
		if row[i].text != "" {
			return i
		}
	}
	return 0
}
