package pages

import (
	"fmt"
	"strings"
	"unicode"
)

// roff writes a page of the manual, a line at a time.
type roff struct{ b strings.Builder }

// macro writes a line that begins with a macro, whose words may be macros, too.
func (r *roff) macro(name string, words ...string) {
	r.b.WriteString("." + strings.Join(append([]string{name}, words...), " ") + "\n")
}

// text writes a paragraph as it is meant, each sentence on lines of its own:
// only then is the end of one told from the end of an abbreviation.
func (r *roff) text(paragraph string) {
	line := ""
	for _, word := range strings.Fields(paragraph) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > lineWidth, strings.HasSuffix(line, ".") && unicode.IsUpper(rune(word[0])):
			r.line(line)
			line = word
		default:
			line += " " + word
		}
	}
	r.line(line)
}

// lineWidth is what a line of the source is filled to, in bytes before
// characters are escaped.
const lineWidth = 72

// line writes one line of text, no macro.
func (r *roff) line(text string) { r.b.WriteString(guarded(escaped(text)) + "\n") }

// literal writes lines that keep their breaks and spaces.
func (r *roff) literal(lines string) {
	r.macro("Bd", "-literal", "-offset", "indent")
	for line := range strings.SplitSeq(lines, "\n") {
		r.line(line)
	}
	r.macro("Ed")
}

// prose writes a help text.
func (r *roff) prose(text string) {
	for i, p := range passages(text) {
		if i > 0 && !p.literal {
			r.macro("Pp")
		}
		if p.literal {
			r.literal(p.text)
			continue
		}
		r.text(p.text)
	}
}

// escaped takes every meaning from characters that roff gives one. A hyphen is
// the one of the keyboard, so that what is copied from a page can be run.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch {
		case c == '\\':
			b.WriteString(`\e`)
		case c == '-':
			b.WriteString(`\-`)
		case c == '\'':
			b.WriteString(`\(aq`)
		case c == '`':
			b.WriteString(`\(ga`)
		case c == '^':
			b.WriteString(`\(ha`)
		case c == '~':
			b.WriteString(`\(ti`)
		case c > unicode.MaxASCII:
			fmt.Fprintf(&b, `\[u%04X]`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// guarded keeps a line of text from being read as a macro.
func guarded(line string) string {
	if strings.HasPrefix(line, ".") {
		return `\&` + line
	}
	return line
}

// words are a text's words as arguments of a macro: none is taken for a macro
// of its own, which have two or three letters, or for a delimiter.
func words(text string) []string {
	all := strings.Fields(text)
	for i, word := range all {
		plain := strings.ReplaceAll(escaped(word), `"`, `\(dq`)
		if len(word) <= 3 {
			plain = `\&` + plain
		}
		all[i] = plain
	}
	return all
}
