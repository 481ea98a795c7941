package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/terminal"
)

func TestScreenShows(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, sent, want string }{
		{"lines", "one\r\ntwo\r\n", "one\ntwo"},
		{"a return", "12345\rab", "ab345"},
		{"a newline alone stays in its column", "ab\nc", "ab\n  c"},
		{"backspace", "abc\b\bX", "aXc"},
		{"a bell is not seen", "a\ab", "ab"},
		{"the end of the row", "0123456789ab", "0123456789\nab"},
		{"a wide character has no room for half of it", "012345678漢", "012345678\n漢"},
		{"a mark stands on its letter", "e\u0301x", "e\u0301x"},
		{"a mark on nothing", "\u0301x", "x"},
		{"up and over it", "one\r\ntwo\x1b[AX", "oneX\ntwo"},
		{"down", "one\x1b[2Bx", "one\n\n   x"},
		{"left and right", "abc\x1b[2DX\x1b[CY", "aXcY"},
		{"a column", "abc\x1b[2GX\x1b[GY", "YXc"},
		{"not over the edge", "\x1b[9D\x1b[9Aa\x1b[99Cb", "a        b"},
		{"the rest of a row", "abc\x1b[2D\x1b[Kx", "ax"},
		{"a whole row", "abc\x1b[2K\rx", "x"},
		{"all below", "one\r\ntwo\r\nthree\x1b[2A\r\x1b[Jx", "x"},
		{"styles take no room", "a\x1b[1mb\x1b[31mc\x1b[0md\x1b[me", "abcde"},
		{"the cursor, and pastes", "\x1b[?25l\x1b[?2004ha\x1b[?25h\x1b[?2004l", "a"},
		{"nothing", "", ""},
	} {
		s := &screen{columns: 10}
		if err := s.show(tc.sent); err != nil || s.text() != tc.want {
			t.Errorf("%s: %q, %v; want %q", tc.name, s.text(), err, tc.want)
		}
	}
}

// What is not known stops the recording: a picture must not show less than a
// terminal does.
func TestScreenRefuses(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{
		"\x1b", "\x1b[", "\x1b]0;title\a", "\x1bM", "\x1b[3;4H", "\x1b[38;5;1m", "\x1b[4m", "\x1b[1K", "\x1b[2J", "\x1b[?1049h",
		"\x00", "\x0e", "\xff", "\ufffd",
	} {
		s := &screen{columns: 10}
		if err := s.show("a" + sent); err == nil || !strings.Contains(err.Error(), "cannot show") {
			t.Errorf("%q: %v", sent, err)
		}
	}
}

func TestRuns(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, sent string
		want       []run
	}{
		{"words of a sentence stay together", "a b c", []run{{0, 5, "", "a b c"}}},
		{"columns of a table do not", "ab  cd", []run{{0, 2, "", "ab"}, {4, 2, "", "cd"}}},
		{"another style", "a\x1b[1mb\x1b[m c", []run{{0, 1, "", "a"}, {1, 1, terminal.Bold, "b"}, {3, 1, "", "c"}}},
		{"blanks at both ends", "  a  ", []run{{2, 1, "", "a"}}},
		{"a wide character is two columns", "漢a b", []run{{0, 5, "", "漢a b"}}},
		{"a wide character at the end", "漢", []run{{0, 2, "", "漢"}}},
		{"a chosen row is one with its blanks", "\x1b[7m a  b \x1b[m", []run{{0, 6, reversed, " a  b "}}},
		{"an empty row", "", nil},
	} {
		s := &screen{columns: 10}
		if err := s.show(tc.sent); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tc.want, runs(s.row()), cmp.AllowUnexported(run{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}
