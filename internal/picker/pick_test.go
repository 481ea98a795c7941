package picker

import (
	"errors"
	"strings"
	"testing"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// desk is a terminal at which everything happens that it is told, one thing
// after the other, and at the end what ends it.
type desk struct {
	*vt
	happens   []terminal.Event
	end       error
	seen      []string // what was on the screen each time that nothing happened
	unmarked  bool     // whether pastes were not marked once that nothing happened
	suspended int
	resumed   int
	stuck     error
}

func (d *desk) Next(patience time.Duration) (terminal.Event, error) {
	if patience == 0 || len(d.happens) == 0 {
		d.seen, d.unmarked = append(d.seen, d.text()), d.unmarked || !d.pasteMode
	}
	if len(d.happens) == 0 {
		if patience > 0 {
			return terminal.Event{}, nil
		}
		return terminal.Event{}, d.end
	}
	event := d.happens[0]
	d.happens = d.happens[1:]
	return event, nil
}

func (d *desk) Suspend() error { d.suspended++; return d.stuck }

func (d *desk) Resume() { d.resumed++ }

// typing are the events of keys, each of which comes at once.
func typing(keys string) (events []terminal.Event) {
	for _, b := range []byte(keys) {
		events = append(events, terminal.Event{Typed: true, Key: b})
	}
	return events
}

// pause is where nothing happens for a while.
var pause = terminal.Event{}

// at is a choice from 30 names at a small screen with a line above.
func at(events ...[]terminal.Event) (*desk, func() (int, error)) {
	d := &desk{vt: newVT(40, 6), end: errors.New("nothing more happens")}
	for _, e := range events {
		d.happens = append(d.happens, e...)
	}
	_, _ = d.Write([]byte("$ prompt\r\n"))
	s := &session{keyboard: d, screen: d, stops: d, model: newModel(numbers(30)), palette: none}
	return d, s.run
}

// clean reports what is wrong with the screen after a choice.
func (d *desk) clean() string {
	switch {
	case d.text() != "$ prompt" && strings.Trim(d.text(), "\n") != "":
		return "it shows " + d.text()
	case d.pasteMode:
		return "pastes are still marked"
	}
	return d.problem
}

func TestSession(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		events []terminal.Event
		want   int
		err    error
	}{
		"enter":             {typing("\r"), 0, nil},
		"filter":            {typing("17\r"), 17, nil},
		"wait, then enter":  {append(append(typing("17"), pause), typing("\r")...), 17, nil},
		"no match":          {append(typing("zz\r\x15"), typing("3\r")...), 3, nil},
		"arrow in pieces":   {append(append(typing("\x1b["), typing("B")...), typing("\r")...), 1, nil},
		"escape":            {append(typing("\x1b"), pause), 0, fault.ErrInterrupted},
		"ctrl-c":            {typing("17\x03"), 17, fault.ErrInterrupted},
		"ctrl-d":            {typing("\x04"), 0, fault.ErrInterrupted},
		"another size":      {append([]terminal.Event{{Changed: true}}, typing("4\r")...), 4, nil},
		"what comes after":  {typing("5\r123456\r"), 5, nil},
		"half a character":  {append(append(typing("\xe6"), pause), typing("6\r")...), 6, nil},
		"half a sequence":   {append(append(typing("\x1b[1"), pause), typing("7\r")...), 7, nil},
		"a paste with ends": {typing("\x1b[200~1\n8\x1b[201~\r"), 18, nil},
	} {
		d, run := at(tc.events)
		got, err := run()
		if got != tc.want || !errors.Is(err, tc.err) || d.clean() != "" {
			t.Errorf("%s: %d, %v; %s", name, got, err, d.clean())
		}
	}
}

// TestSessionShows: what is drawn, when the person has stopped typing.
func TestSessionShows(t *testing.T) {
	t.Parallel()
	d, run := at([]terminal.Event{}, typing("2"), typing("9"))
	d.end = fault.ErrInterrupted
	if _, err := run(); !errors.Is(err, fault.ErrInterrupted) {
		t.Error(err)
	}
	first, end := d.seen[0], d.seen[len(d.seen)-1]
	if !strings.Contains(first, "Name (30 of 30):\n> n00\n  n01") || !strings.HasSuffix(end, "Name (1 of 30): 29\n> n29") {
		t.Errorf("first %s\nat the end %s", first, end)
	}
}

// TestSessionIsTakenAway: a terminal that is gone, and a signal, end it.
func TestSessionIsTakenAway(t *testing.T) {
	t.Parallel()
	for _, end := range []error{fault.ErrInterrupted, terminal.ErrNoTerminal} {
		d, run := at(typing("17"))
		d.end = end
		if _, err := run(); !errors.Is(err, end) || d.clean() != "" {
			t.Errorf("%v; %s", err, d.clean())
		}
	}
}

// TestSessionIsStopped: the shell gets a clean screen, and the list comes back
// as it was.
func TestSessionIsStopped(t *testing.T) {
	t.Parallel()
	d, run := at(typing("17\x1a"), []terminal.Event{{Changed: true}}, typing("\r"))
	if got, err := run(); got != 17 || err != nil || d.suspended != 1 || d.resumed != 1 || d.clean() != "" {
		t.Errorf("%d, %v, %d and %d; %s", got, err, d.suspended, d.resumed, d.clean())
	}
	d, run = at(typing("17\x1a")) // where nothing can be stopped
	d.end = fault.ErrInterrupted
	if _, err := run(); !errors.Is(err, d.end) || d.unmarked || !strings.Contains(d.seen[len(d.seen)-1], "> n17") {
		t.Errorf("%v, pastes not marked: %v, %q", err, d.unmarked, d.seen)
	}
	d, run = at(typing("\x1a"))
	d.stuck = terminal.ErrNoTerminal
	if _, err := run(); !errors.Is(err, terminal.ErrNoTerminal) {
		t.Errorf("a terminal that was lost meanwhile: %v", err)
	}
}

// TestSessionInAFastPaste: without marks it is keys, drawn once.
func TestSessionInAFastPaste(t *testing.T) {
	t.Parallel()
	d, run := at(typing(strings.Repeat("x", 100_000)), typing("\x15\r"))
	if got, err := run(); got != 0 || err != nil || len(d.seen) > 2 {
		t.Errorf("%d, %v, %d times drawn", got, err, len(d.seen))
	}
}
