package picker

import (
	"context"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// What a terminal is told besides the lines: to say where a paste begins and
// ends, and to clear the list. Cleared from its very first place, the screen
// would go to the scrollback of some (tmux).
const (
	pasteOn  = "\x1b[?2004h"
	pasteOff = "\x1b[?2004l"
	erase    = "\r \x1b[J\r\x1b[K"
)

// How long to wait for more bytes: after an Esc, which may begin a key that
// comes in pieces, and before drawing what was typed.
const (
	afterEscape = 50 * time.Millisecond
	afterKey    = 2 * time.Millisecond
)

// Pick shows the list below the prompt, has it get shorter by what is typed,
// and returns the index of the choice. Esc and Ctrl-C give fault.ErrInterrupted.
// However it ends, the list is gone from the screen and the terminal as it was.
// On a terminal that cannot be told where to draw, Pick is Numbered.
func Pick(ctx context.Context, tty *terminal.Terminal, palette terminal.Palette, list List) (int, error) {
	raw, err := tty.Raw(ctx)
	if err != nil {
		return Numbered(ctx, tty, list)
	}
	defer raw.Close()
	s := &session{keyboard: raw, screen: raw, stops: raw, model: newModel(list), palette: palette}
	return s.run()
}

// keyboard says what happens at the terminal.
type keyboard interface {
	Next(patience time.Duration) (terminal.Event, error)
}

// screen is where the list is drawn.
type screen interface {
	Write(text []byte) (int, error)
	Size() (columns, rows int)
}

// stops are the two ways to be stopped and go on: by a key, and from outside.
type stops interface {
	Suspend() error
	Resume()
}

// session is one choice being made.
type session struct {
	keyboard keyboard
	screen   screen
	stops    stops
	model    *model
	keys     decoder
	palette  terminal.Palette
	stale    bool // what is shown
}

// run ends with the index of the choice.
func (s *session) run() (int, error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	for {
		event, err := s.keyboard.Next(s.patience())
		if err == nil {
			var done bool
			if done, err = s.handle(event); !done && err == nil {
				continue
			}
		}
		_ = s.write(erase + pasteOff) // a terminal that is gone shows nothing
		index, _ := s.model.current()
		return index, err
	}
}

// begin shows the list for the first time.
func (s *session) begin() error {
	if err := s.write(pasteOn); err != nil {
		return err
	}
	return s.draw()
}

// patience is how long nothing must happen before something is done about it;
// zero where nothing is to be done.
func (s *session) patience() time.Duration {
	switch {
	case s.keys.waiting():
		return afterEscape
	case s.stale:
		return afterKey
	}
	return 0
}

// handle reports whether the choice is made.
func (s *session) handle(event terminal.Event) (done bool, err error) {
	switch {
	case event.Typed:
		return s.press(s.keys.feed(event.Key))
	case event.Changed:
		s.stops.Resume()
		if err := s.write(pasteOn); err != nil {
			return false, err
		}
		return false, s.draw()
	case s.keys.waiting():
		return s.press(s.keys.flush())
	}
	return false, s.draw()
}

func (s *session) press(k key) (done bool, err error) {
	s.stale = s.stale || k.action != nothing
	switch s.model.press(k) {
	case chosen:
		return true, nil
	case cancelled:
		return true, fault.ErrInterrupted
	case suspended:
		return false, s.suspend()
	}
	return false, nil
}

// suspend leaves a clean screen to the shell meanwhile.
func (s *session) suspend() error {
	_ = s.write(erase + pasteOff)
	if err := s.stops.Suspend(); err != nil {
		return err
	}
	return s.begin()
}

func (s *session) draw() error {
	s.stale = false
	columns, rows := s.screen.Size()
	_, err := s.screen.Write(s.model.frame(columns, rows, s.palette).bytes())
	return err
}

func (s *session) write(text string) error {
	_, err := s.screen.Write([]byte(text))
	return err
}
