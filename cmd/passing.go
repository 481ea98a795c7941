package cmd

import (
	"sync"
	"time"

	"assume-role/internal/terminal"
)

// passingLine is a line that others change as they go on: it is shown in one
// place, or its first text is a note where nobody sees what passes.
type passingLine struct {
	app  *app
	mu   sync.Mutex
	text string
	// end ends the wait that the line is shown for; nil: there is none.
	end   func()
	noted bool
}

// passing returns what changes the line; the empty text takes it away.
func (a *app) passing() func(text string) { return (&passingLine{app: a}).say }

func (l *passingLine) say(text string) {
	l.mu.Lock()
	l.text = text
	end := l.end
	if text == "" {
		l.end = nil
	}
	l.mu.Unlock()
	switch {
	case text == "" && end != nil:
		end()
	case text != "" && end == nil:
		l.begin(text)
	}
}

func (l *passingLine) begin(text string) {
	end := l.app.converse(l.line)
	if end == nil && !l.noted {
		l.noted = true
		l.app.note(text)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end = end
}

func (l *passingLine) line(time.Duration) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

// converse begins a wait that is part of what a person is asked: it is shown on
// the terminal device, too, where stderr is another file, as SDKs have it of a
// credential_process. It returns nil where nobody sees it.
func (a *app) converse(line func(lasted time.Duration) string) (end func()) {
	if a.watched() {
		return a.progress.Begin(line)
	}
	if s, err := a.settings(); err != nil || s.Quiet || terminal.Dumb(a.host.Getenv) {
		return nil
	}
	tty, err := a.openTerminal("", "")
	if err != nil {
		return nil
	}
	beside := &progress{to: tty, seen: func() bool { return true }, columns: func() int { return 0 }}
	done := beside.Begin(line)
	return sync.OnceFunc(func() {
		done()
		_ = tty.Close()
	})
}
