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

func TestWrite(t *testing.T) {
	t.Parallel()
	if got := screen(t, func(term *Terminal) { _, _ = term.Write([]byte("\rone")) }); got != "\rone" {
		t.Errorf("%q", got)
	}
}

// TestSayAlone: what else is shown is gone before, and may come back after.
func TestSayAlone(t *testing.T) {
	t.Parallel()
	got := screen(t, func(term *Terminal) {
		term.Alone = func() func() {
			_, _ = term.out.WriteString("[")
			return func() { _, _ = term.out.WriteString("]") }
		}
		term.Say("one")
		term.Say("two")
	})
	if got != "[one\n][two\n]" {
		t.Errorf("%q", got)
	}
}
