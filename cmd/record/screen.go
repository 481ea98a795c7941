package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"assume-role/internal/terminal"
)

// cell is one place of the screen. The second half of a wide character is a
// cell without text.
type cell struct {
	text  string
	style terminal.Style
}

// screen is as much of a terminal as the tool makes use of, as wide as a real
// one and as high as it takes: nothing scrolls away. What it does not know is
// an error, so that a picture never shows less than a terminal would.
type screen struct {
	columns int
	rows    [][]cell
	x, y    int
	style   terminal.Style
	// hidden is that the cursor is.
	hidden bool
}

// show puts text with its escape sequences on the screen.
func (s *screen) show(text string) error {
	// A control sequence ends in a letter (ECMA-48, section 5.4).
	control := regexp.MustCompile("^\x1b\\[([?0-9;]*)([A-Za-z])")
	for text != "" {
		if text[0] == '\x1b' {
			m := control.FindStringSubmatch(text)
			if m == nil {
				return fmt.Errorf("an escape sequence that a picture cannot show: %.10q", text)
			}
			if err := s.obey(m[1], m[2]); err != nil {
				return err
			}
			text = text[len(m[0]):]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		if err := s.take(r); err != nil {
			return err
		}
		text = text[size:]
	}
	return nil
}

func (s *screen) take(r rune) error {
	switch {
	case r == '\r':
		s.x = 0
	case r == '\n':
		s.y++
	case r == '\b':
		s.x = max(0, s.x-1)
	case r == '\a':
	case r < ' ' || r == utf8.RuneError:
		return fmt.Errorf("a character that a picture cannot show: %q", r)
	default:
		s.put(string(r))
	}
	return nil
}

// put writes one character where the cursor is, in the next row where this one
// has no room.
func (s *screen) put(text string) {
	width := terminal.Width(text)
	if width == 0 {
		if before := s.row(); s.x > 0 && s.x <= len(before) {
			before[s.x-1].text += text
		}
		return
	}
	if s.x+width > s.columns {
		s.x, s.y = 0, s.y+1
	}
	for i, part := range []string{text, ""}[:width] {
		s.set(s.x+i, cell{part, s.style})
	}
	s.x += width
}

func (s *screen) row() []cell {
	for len(s.rows) <= s.y {
		s.rows = append(s.rows, nil)
	}
	return s.rows[s.y]
}

func (s *screen) set(x int, c cell) {
	row := s.row()
	for len(row) <= x {
		row = append(row, cell{text: " "})
	}
	row[x] = c
	s.rows[s.y] = row
}

// obey carries out one sequence: styles, the cursor's ways, erasing.
func (s *screen) obey(parameters, final string) error {
	n, _ := strconv.Atoi(parameters) // none is 0
	switch final {
	case "m":
		return s.restyle(parameters)
	case "A":
		s.y = max(0, s.y-max(1, n))
	case "B":
		s.y += max(1, n)
	case "C":
		s.x = min(s.columns-1, s.x+max(1, n))
	case "D":
		s.x = max(0, s.x-max(1, n))
	case "G":
		s.x = max(1, n) - 1
	case "J", "K":
		return s.erase(n, final == "J")
	case "h", "l":
		return s.mode(parameters, final == "l")
	default:
		return fmt.Errorf("an escape sequence that a picture cannot show: %s%s", parameters, final)
	}
	return nil
}

// restyle knows one style at a time, as the tool uses them.
func (s *screen) restyle(parameters string) error {
	style := terminal.Style(parameters)
	if style == "0" {
		style = terminal.Plain
	}
	if _, ok := looks()[style]; !ok {
		return fmt.Errorf("a style that a picture cannot show: %q", parameters)
	}
	s.style = style
	return nil
}

// erase clears from the cursor to the end of the row (0) or all of it (2), and
// with below the rows under it, too.
func (s *screen) erase(n int, below bool) error {
	if n != 0 && (n != 2 || below) {
		return fmt.Errorf("an erasing that a picture cannot show: %d", n)
	}
	row := s.row()
	keep := s.x
	if n == 2 {
		keep = 0
	}
	s.rows[s.y] = row[:min(keep, len(row))]
	if below {
		s.rows = s.rows[:s.y+1]
	}
	return nil
}

// mode knows the cursor's (25), and pastes in brackets (2004), which change
// nothing that can be seen.
func (s *screen) mode(parameters string, off bool) error {
	switch parameters {
	case "?25":
		s.hidden = off
	case "?2004":
	default:
		return fmt.Errorf("a mode that a picture cannot show: %s", parameters)
	}
	return nil
}

// text is the screen without its styles and without empty rows at its end.
func (s *screen) text() string {
	var rows []string
	for _, row := range s.rows {
		var b strings.Builder
		for _, c := range row {
			b.WriteString(c.text)
		}
		rows = append(rows, strings.TrimRight(b.String(), " "))
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// run is a part of a row in one style.
type run struct {
	x, width int
	style    terminal.Style
	text     string
}

// runs cuts a row where its style changes and where it is blank for more than
// a column, so that each part can be placed at its very column.
func runs(row []cell) []run {
	var all []run
	blanks := 0
	for x, c := range row {
		last := len(all) - 1
		switch {
		case c.text == " " && c.style != reversed:
			blanks++
			continue
		case last >= 0 && blanks <= 1 && all[last].style == c.style && all[last].x+all[last].width+blanks == x:
			all[last].text += strings.Repeat(" ", blanks) + c.text
			all[last].width = x + 1 - all[last].x
		default:
			all = append(all, run{x, 1, c.style, c.text})
		}
		blanks = 0
	}
	return slices.DeleteFunc(all, func(r run) bool { return r.text == "" })
}
