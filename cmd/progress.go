package cmd

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"assume-role/internal/exec"
	"assume-role/internal/terminal"
)

const (
	// unsaid is how long a person waits without a word.
	unsaid = time.Second
	// redraw is how often the line is looked at again.
	redraw = 250 * time.Millisecond
)

// progress is the one line on stderr that says what a command waits for, where
// that takes over a second and a person sees it. It is gone before anything
// else is shown and before a command starts. It implements waiting.Shower.
type progress struct {
	to io.Writer
	// seen reports whether somebody sees the line now.
	seen func() bool
	// columns is how wide the screen is, 0 where that is not known.
	columns func() int

	mu    sync.Mutex
	waits []*wait
	// held counts who else uses the screen.
	held  int
	timer *time.Timer
	shown string
}

func (a *app) newProgress() *progress {
	return &progress{to: a.host.Err, seen: a.watched, columns: func() int { return terminal.Columns(a.host.Stdio[2]) }}
}

// watched reports whether a person sees what passes on stderr: on a terminal
// that can take a line back and shows no other program, unless they asked for
// quiet.
func (a *app) watched() bool {
	if !a.host.ErrTerminal || terminal.Dumb(a.host.Getenv) || a.terminal.taken() || exec.InBackground() {
		return false
	}
	s, err := a.settings()
	return err == nil && !s.Quiet
}

// wait is one thing that is waited for.
type wait struct {
	began time.Time
	line  func(lasted time.Duration) string
}

// Seen implements waiting.Shower.
func (p *progress) Seen() bool { return p.seen() }

// Begin implements waiting.Shower. The line is shown by a timer, which runs
// only as long as something is waited for.
func (p *progress) Begin(line func(lasted time.Duration) string) (end func()) {
	w := &wait{began: time.Now(), line: line}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits = append(p.waits, w)
	if p.timer == nil {
		p.timer = time.AfterFunc(unsaid, p.tick)
	}
	return sync.OnceFunc(func() { p.end(w) })
}

func (p *progress) end(w *wait) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.waits = slices.DeleteFunc(p.waits, func(other *wait) bool { return other == w })
	if len(p.waits) == 0 && p.timer != nil {
		p.timer.Stop()
		p.timer = nil
		p.show("")
	}
}

// tick shows the outermost wait, which says the most.
func (p *progress) tick() {
	seen := p.seen()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.waits) == 0 || p.timer == nil {
		return
	}
	p.timer.Reset(redraw)
	if p.held == 0 && seen {
		p.show(p.longest(time.Now()))
	}
}

func (p *progress) longest(now time.Time) string {
	for _, w := range p.waits {
		if lasted := now.Sub(w.began); lasted >= unsaid {
			return w.line(lasted)
		}
	}
	return ""
}

// show puts a line in the place of the one before; the empty one leaves nothing
// there. The cursor stays at its beginning, so that whatever comes next, the
// shell's prompt too, is written over it.
func (p *progress) show(line string) {
	if line = terminal.Visible(line); p.columns() > 0 {
		line = terminal.Shorten(line, p.columns()-1)
	}
	if line == p.shown {
		return
	}
	blank := strings.Repeat(" ", max(0, terminal.Width(p.shown)-terminal.Width(line)))
	_, _ = fmt.Fprintf(p.to, "\r%s%s\r", line, blank) // a terminal that is gone shows nothing
	p.shown = line
}

// hold clears the screen for somebody else's use, until release is called.
func (p *progress) hold() (release func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held++
	p.show("")
	return sync.OnceFunc(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.held--
	})
}

// beside is a stream of which progress must be gone before it is written to.
type beside struct {
	to       io.Writer
	progress *progress
}

// Write implements io.Writer.
func (b *beside) Write(text []byte) (int, error) {
	b.progress.mu.Lock()
	defer b.progress.mu.Unlock()
	b.progress.show("")
	return b.to.Write(text)
}
