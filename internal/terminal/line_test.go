package terminal

import (
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"assume-role/internal/fault"
)

func TestReadLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxLine)
	for name, c := range map[string]struct{ in, want, fails string }{
		"line":          {"123456\nrest", "123456", ""},
		"empty":         {"\n", "", ""},
		"raw mode":      {"abc\r", "abc", ""},
		"longest":       {long + "\n", long, ""},
		"too long":      {long + "x\n", "", "longer than 4000"},
		"far too long":  {strings.Repeat(long, 9) + "\n", "", "longer than 4000"},
		"ctrl-d":        {"", "", "without an answer"},
		"ctrl-d key":    {"ab\x04", "", "without an answer"},
		"cut off":       {"ab", "", "without an answer"},
		"raw interrupt": {"ab\x03c\n", "", fault.ErrInterrupted.Error()},
	} {
		got, err := readLine(strings.NewReader(c.in))
		if got != c.want || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// What is typed ahead belongs to the next question.
func TestReadLineTakesOneLine(t *testing.T) {
	t.Parallel()
	r := strings.NewReader("one\ntwo\n")
	for _, want := range []string{"one", "two"} {
		if got, err := readLine(r); got != want || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestReadLineOfABrokenDevice(t *testing.T) {
	t.Parallel()
	if _, err := readLine(iotest.ErrReader(errors.New("gone"))); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("got %v", err)
	}
	if _, err := readLine(io.MultiReader(strings.NewReader("a"), iotest.ErrReader(errors.New("gone")))); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("got %v", err)
	}
}

func TestIsTerminal(t *testing.T) {
	t.Parallel()
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if IsTerminal(f.Fd()) {
		t.Error("the null device is a terminal")
	}
}
