package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Raw is the terminal while every key counts at once: nothing is echoed, and
// Ctrl-C is a key. It is for one goroutine, and Close must be called: until
// then a shell could not be used on the terminal.
type Raw struct {
	terminal *Terminal
	restore  func()
	ctx      context.Context
	stop     func()
	changes  chan os.Signal
	typed    chan typed
	reading  bool
	closed   bool
}

// typed is what one read gave.
type typed struct {
	key byte
	err error
}

// Event is what Next waited for.
type Event struct {
	// Typed says that Key is the next byte from the keyboard.
	Typed bool
	Key   byte
	// Changed says that the terminal has another size, or that the program
	// goes on after a stop: what it showed may be gone.
	Changed bool
	// If neither is set, nothing has happened for as long as was asked.
}

// Raw puts the terminal into that mode. Its error satisfies
// errors.Is(err, ErrNoTerminal) where the terminal has no such mode, or shows
// escape sequences instead of obeying them. When ctx ends, or at SIGINT,
// SIGTERM or SIGHUP, the next event is an error.
func (t *Terminal) Raw(ctx context.Context) (*Raw, error) {
	t.asking.Lock()
	restore, err := t.rawMode()
	if err != nil {
		t.asking.Unlock()
		return nil, fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	r := &Raw{terminal: t, restore: restore, changes: make(chan os.Signal, 1), typed: make(chan typed, 1)}
	r.ctx, r.stop = signal.NotifyContext(ctx, endings()...)
	notifyChanged(r.changes)
	return r, nil
}

// endings are the signals that end a program, but for those that whoever
// started it wants ignored (nohup).
func endings() []os.Signal {
	heeded := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		heeded = append(heeded, syscall.SIGHUP)
	}
	return heeded
}

// Close sets the terminal back to how it was. What was typed and not returned
// by Next stays for whoever reads next.
func (r *Raw) Close() {
	if r.closed {
		return
	}
	r.closed = true
	signal.Stop(r.changes)
	r.stop()
	// A read that cannot be ended, because the device cannot be polled, is
	// left behind for the process's short rest.
	if in := r.terminal.in; r.reading && in.SetReadDeadline(time.Unix(1, 0)) == nil {
		<-r.typed
		_ = in.SetReadDeadline(time.Time{})
	}
	r.restore()
	r.terminal.asking.Unlock()
}

// Next waits for what happens next, with patience above zero no longer than
// that. The error is fault.ErrInterrupted where the program is to end, and
// satisfies errors.Is(err, ErrNoTerminal) where the terminal is gone.
func (r *Raw) Next(patience time.Duration) (Event, error) {
	if r.ctx.Err() != nil {
		return Event{}, ended(r.ctx)
	}
	r.read()
	var quiet <-chan time.Time
	if patience > 0 {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		quiet = timer.C
	}
	select {
	case key := <-r.typed:
		r.reading = false
		return Event{Typed: true, Key: key.key}, key.err
	case <-r.changes:
		return Event{Changed: true}, nil
	case <-r.ctx.Done():
		return Event{}, ended(r.ctx)
	case <-quiet:
		return Event{}, nil
	}
}

// read asks the terminal for one byte, unless it is being asked: never for more
// than the caller wants, since the rest belongs to the next program.
func (r *Raw) read() {
	if r.reading {
		return
	}
	r.reading = true
	go func() {
		var b [1]byte
		n, err := r.terminal.in.Read(b[:])
		switch {
		case n == 1:
			err = nil
		case err == nil:
			err = io.EOF
		}
		if err != nil {
			err = errors.Join(ErrNoTerminal, err)
		}
		r.typed <- typed{b[0], err}
	}()
}

// Write shows text, escape sequences and all: what is not the caller's own must
// have passed through Visible.
func (r *Raw) Write(text []byte) (int, error) { return r.terminal.out.Write(text) }

// The size of a terminal that does not tell its own: that of a VT100.
const (
	commonColumns = 80
	commonRows    = 24
)

// Size is how many columns and rows the terminal has.
func (r *Raw) Size() (columns, rows int) {
	columns, rows = r.terminal.size()
	if columns <= 0 || rows <= 0 {
		return commonColumns, commonRows
	}
	return columns, rows
}

// Suspend stops the program, and what runs with it, as Ctrl-Z at a terminal in
// line mode does, with the terminal as it was before. It returns when the
// program goes on, or at once where stops are ignored, as inside $(…) of many
// shells.
func (r *Raw) Suspend() error {
	r.restore()
	suspend(r.changes)
	restore, err := r.terminal.rawMode()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	r.restore = restore
	return nil
}

// Resume makes up for a stop from outside (SIGSTOP), after which a shell has set
// the terminal to its own liking.
func (r *Raw) Resume() { _, _ = r.terminal.rawMode() }

// Palette is the terminal's.
func (t *Terminal) Palette(getenv func(string) string) Palette {
	return PaletteOf(t.out, true, getenv)
}
