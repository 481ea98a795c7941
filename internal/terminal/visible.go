package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns s with everything shown that a terminal would obey or hide:
// control characters, direction marks, zero-width and blank characters and
// invalid UTF-8, as \n, \x1b, \u202e or \U000e0001. Text that comes from
// elsewhere (role names, STS's answers, a program's output) passes through
// here on its way to a terminal. Ordinary text is returned as it is, and
// Visible of its own result changes nothing.
func Visible(s string) string {
	at := firstHidden(s)
	if at == len(s) {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:at])
	for rest := s[at:]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		b.WriteString(shown(r, rest[:size]))
		rest = rest[size:]
	}
	return b.String()
}

// firstHidden is the index of the first character that is not shown as it is.
func firstHidden(s string) int {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if hidden(r) || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(s)
}

// shown is one character as it may be printed; text is its encoding.
func shown(r rune, text string) string {
	switch {
	case r == utf8.RuneError && len(text) == 1:
		return fmt.Sprintf(`\x%02x`, text[0])
	case !hidden(r):
		return text
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// hidden reports whether a terminal obeys or hides a character. Unicode calls
// most such characters Cc, Cf or Zs, which IsPrint refuses; the rest are
// letters, marks and symbols that have no ink (Unicode's
// Default_Ignorable_Code_Point, and the empty Braille pattern).
func hidden(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return !unicode.IsPrint(r) || inkless(r)
}

func inkless(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0:
		return true
	}
	return r >= 0x180b && r <= 0x180f || r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef
}
