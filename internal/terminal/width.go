package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// ellipsis stands for what Shorten leaves out. It takes one column.
const ellipsis = "…"

// Width is how many columns of a terminal a visible text (Visible) takes: none
// for a mark that stands on the letter before it, two for wide characters, such
// as those of Chinese, Japanese and Korean and emoji (Unicode's standard annex
// 11), one for all others. Characters whose width is ambiguous take one, as in
// every terminal that is not set up for an East Asian encoding.
func Width(text string) int {
	columns, before := 0, 0
	for _, r := range text {
		n := runeWidth(r, before)
		columns += n
		if n > 0 {
			before = n
		}
	}
	return columns
}

// Shorten is a visible text in at most so many columns: where it is longer, its
// end is left out and an ellipsis stands there.
func Shorten(text string, columns int) string {
	if Width(text) <= columns {
		return text
	}
	if columns < 1 {
		return ""
	}
	taken, before := 0, 0
	for i, r := range text {
		n := runeWidth(r, before)
		if taken += n; taken > columns-1 {
			return text[:i] + ellipsis
		}
		if n > 0 {
			before = n
		}
	}
	return text
}

// Pad is a visible text with spaces behind it, as far as it takes fewer columns
// than wanted.
func Pad(text string, columns int) string {
	return text + strings.Repeat(" ", max(0, columns-Width(text)))
}

// runeWidth is the width of one character; before is that of the one which it
// follows, since a skin tone colours an emoji and stands alone after a letter.
func runeWidth(r rune, before int) int {
	switch {
	case r < utf8.RuneSelf:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me), conjoining(r), before == 2 && skinTone(r):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// conjoining reports whether a character is a vowel or an end of the Korean
// syllable before it, which together take two columns.
func conjoining(r rune) bool { return r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7fb }

// skinTone reports whether a character is one of the modifiers of Unicode's
// technical standard 51.
func skinTone(r rune) bool { return r >= 0x1f3fb && r <= 0x1f3ff }
