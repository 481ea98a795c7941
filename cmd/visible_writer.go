package cmd

import (
	"io"
	"strings"
	"unicode/utf8"

	"assume-role/internal/terminal"
)

// visibleWriter writes what is not ours to a terminal: lines and tabs as they
// are, everything else that a terminal would obey made visible.
type visibleWriter struct {
	to io.Writer
	// rest is the beginning of a character whose end has not come.
	rest []byte
}

// Write implements io.Writer.
func (w *visibleWriter) Write(p []byte) (int, error) {
	text := append(w.rest, p...)
	whole := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if start := len(text) - back; utf8.RuneStart(text[start]) {
			if !utf8.FullRune(text[start:]) {
				whole = start
			}
			break
		}
	}
	w.rest = append([]byte(nil), text[whole:]...)
	return len(p), w.show(string(text[:whole]))
}

// Close writes what is left.
func (w *visibleWriter) Close() error {
	err := w.show(string(w.rest))
	w.rest = nil
	return err
}

func (w *visibleWriter) show(text string) error {
	var b strings.Builder
	for text != "" {
		end := strings.IndexAny(text, "\n\t")
		if end < 0 {
			b.WriteString(terminal.Visible(text))
			break
		}
		b.WriteString(terminal.Visible(strings.TrimSuffix(text[:end], "\r")))
		b.WriteByte(text[end])
		text = text[end+1:]
	}
	_, err := io.WriteString(w.to, b.String())
	return err
}
