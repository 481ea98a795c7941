package cmd

import (
	"strings"
	"testing"

	"assume-role/internal/terminal"
)

// Whatever the pieces in which it comes, a text is shown the same, and nothing
// in it reaches the terminal that the terminal would obey.
func TestVisibleWriter(t *testing.T) {
	t.Parallel()
	text := "one\r\n\ttwo \x1b[31mred\x07 ü€🦊 \u202e \xff\xc3 end\xe2\x82"
	want := "one\n\t" + terminal.Visible("two \x1b[31mred\x07 ü€🦊 \u202e \xff\xc3 end\xe2\x82")
	for size := 1; size <= len(text); size++ {
		var out strings.Builder
		w := &visibleWriter{to: &out}
		for at := 0; at < len(text); at += size {
			part := text[at:min(at+size, len(text))]
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(out.String(), terminal.Visible("\r"), ""); got != want {
			t.Errorf("in pieces of %d: %q, not %q", size, got, want)
		}
		if strings.ContainsAny(out.String(), "\x1b\x07\r\u202e") {
			t.Errorf("%q", out.String())
		}
	}
}
