package cmd

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// checkedWriter remembers that a write failed, so that no command, and none of
// cobra's own, ends with 0 when its result did not arrive.
type checkedWriter struct {
	to     io.Writer
	failed *fault.Error
}

// Write implements io.Writer. Its error is the message for the user.
func (w *checkedWriter) Write(p []byte) (int, error) {
	if w.failed != nil {
		return 0, w.failed
	}
	n, err := w.to.Write(p)
	if err != nil {
		w.failed = fault.New("", "cannot write the result to stdout: %s", plainError(err)).Because(err)
		return n, w.failed
	}
	return n, nil
}

// printJSON writes one value and a newline. HTML escapes would only make ARNs
// and regular expressions hard to read.
func (a *app) printJSON(value any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := a.host.Out.Write(escapeHidden(text.Bytes()))
	return err
}

// escapeHidden writes the characters of a JSON text that a terminal would obey
// or hide as \u escapes: a program reads the same value, and a person sees
// them. JSON holds such characters within strings only.
func escapeHidden(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		char := string(text[:size])
		switch {
		case r < utf8.RuneSelf && r != 0x7f, terminal.Visible(char) == char:
			out = append(out, char...)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		text = text[size:]
	}
	return out
}
