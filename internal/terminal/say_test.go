package terminal

import (
	"os"
	"path/filepath"
	"testing"
)

// screen is a terminal that keeps what it shows.
func screen(t *testing.T, do func(*Terminal)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "screen")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	do(&Terminal{in: out, out: out})
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestSay(t *testing.T) {
	t.Parallel()
	if got := screen(t, func(term *Terminal) { term.Say("one\n\n  two\x1b[2J\r") }); got != "one\n\n  two\\x1b[2J\\r\n" {
		t.Errorf("%q", got)
	}
}

// TestProgress: a shorter line leaves nothing of a longer one.
func TestProgress(t *testing.T) {
	t.Parallel()
	got := screen(t, func(term *Terminal) {
		width := term.Progress("waiting é", 0)
		width = term.Progress("new\x07", width)
		if width = term.Progress("", width); width != 0 {
			t.Errorf("the width of nothing: %d", width)
		}
	})
	if got != "\rwaiting é\r\rnew\\x07  \r\r       \r" {
		t.Errorf("%q", got)
	}
}
