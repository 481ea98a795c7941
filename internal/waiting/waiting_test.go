package waiting

import (
	"context"
	"testing"
	"time"
)

// screen is a shower that keeps what it is told.
type screen struct {
	seen  bool
	lines []string
	ended int
}

func (s *screen) Begin(line func(time.Duration) string) func() {
	s.lines = append(s.lines, line(3200*time.Millisecond))
	return func() { s.ended++ }
}

func (s *screen) Seen() bool { return s.seen }

func TestFor(t *testing.T) {
	t.Parallel()
	s := &screen{seen: true}
	ctx, cancel := context.WithCancel(With(t.Context(), s))
	defer cancel()
	end := For(ctx, "calling STS in eu-west-1")
	if len(s.lines) != 1 || s.lines[0] != "calling STS in eu-west-1 … 3s" {
		t.Errorf("shown: %q", s.lines)
	}
	if end(); s.ended != 1 {
		t.Errorf("ended %d times", s.ended)
	}
}

func TestTelling(t *testing.T) {
	t.Parallel()
	s := &screen{}
	Telling(With(t.Context(), s), func(lasted time.Duration) string { return "50 % after " + lasted.String() })()
	if len(s.lines) != 1 || s.lines[0] != "50 % after 3.2s" || s.ended != 1 {
		t.Errorf("shown: %q, ended %d times", s.lines, s.ended)
	}
}

// TestNobodyThere: what waits need not know.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	For(t.Context(), "x")()
	var notes []string
	Or(t.Context(), "waiting for process 7", func(text string) { notes = append(notes, text) })()
	if len(notes) != 1 || notes[0] != "waiting for process 7" {
		t.Errorf("noted: %q", notes)
	}
	if got := Silence(t.Context(), 3*time.Second); got != 3*time.Second {
		t.Errorf("silence for %s", got)
	}
}

func TestOr(t *testing.T) {
	t.Parallel()
	for _, seen := range []bool{true, false} {
		s, notes := &screen{seen: seen}, 0
		Or(With(t.Context(), s), "x", func(string) { notes++ })()
		shown, noted := 1, 0
		if !seen {
			shown, noted = 0, 1
		}
		if len(s.lines) != shown || notes != noted || s.ended != shown {
			t.Errorf("seen %v: %d lines, of which %d ended, and %d notes", seen, len(s.lines), s.ended, notes)
		}
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		seen            bool
		otherwise, want time.Duration
	}{{true, 3 * time.Second, soon}, {false, 3 * time.Second, 3 * time.Second}, {true, time.Millisecond, time.Millisecond}} {
		if got := Silence(With(t.Context(), &screen{seen: c.seen}), c.otherwise); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
