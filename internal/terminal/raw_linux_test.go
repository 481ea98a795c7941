package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// rawKeys is the child: it reports what happens until q is pressed, and then
// asks in line mode. It leaves for a moment at Ctrl-Z.
func rawKeys(ctx context.Context, term *Terminal) {
	raw, err := term.Raw(ctx)
	if err != nil {
		report("", err)
		return
	}
	_, _ = raw.Write([]byte("Keys: "))
	for {
		event, err := raw.Next(0)
		switch {
		case err != nil:
			raw.Close()
			raw.Close() // does nothing more
			report("", err)
			return
		case event.Changed:
			raw.Resume()
			columns, rows := raw.Size()
			fmt.Printf("changed: %dx%d\n", columns, rows)
			_, _ = raw.Write([]byte("Changed. "))
		case event.Key == 0x1a:
			report("back", raw.Suspend())
			_, _ = raw.Write([]byte("Back. "))
		case event.Key == 'q':
			raw.Close()
			report(term.Ask(ctx, "Name: "))
			return
		default:
			fmt.Printf("key: %q\n", event.Key)
		}
	}
}

// whole checks that the terminal is as a shell wants it.
func (s *session) whole() {
	s.Helper()
	_ = control(s.slave, func(fd int) error {
		mode, err := unix.IoctlGetTermios(fd, getTermios)
		if err != nil || mode.Lflag&(unix.ECHO|unix.ICANON|unix.ISIG) != unix.ECHO|unix.ICANON|unix.ISIG || mode.Iflag&unix.ICRNL == 0 {
			s.Errorf("the terminal is not as before: %+v, %v", mode, err)
		}
		return nil
	})
}

// TestRaw: each key counts at once and is not echoed, Ctrl-C is one of them,
// and what is typed after the last one is for the next question.
func TestRaw(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	s.echo(false)
	s.types("a\x03\r\x1b\xffqalice\n")
	for _, key := range []string{`'a'`, `'\x03'`, `'\r'`, `'\x1b'`, `'ÿ'`} {
		s.reports("key: " + key)
	}
	s.reports(`answer: "alice"`)
	if seen := s.sees("Name: "); seen != "" {
		t.Errorf("the screen shows %q", seen)
	}
	_ = s.child.Wait()
	s.whole()
}

func TestRawChanges(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	for _, size := range []unix.Winsize{{Col: 20, Row: 3}, {Col: 200, Row: 50}} {
		if err := control(s.keyboard, func(fd int) error { return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &size) }); err != nil {
			t.Fatal(err)
		}
		s.reports(fmt.Sprintf("changed: %dx%d", size.Col, size.Row))
	}
	s.types("q\n")
	s.sees("Name: ")
}

// TestRawWithoutASize is at a terminal of no rows and no columns, as some
// serial lines are.
func TestRawWithoutASize(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	_ = s.child.Process.Signal(unix.SIGWINCH)
	s.reports("changed: 80x24")
}

// TestRawIsEnded: however it ends, the terminal is as before.
func TestRawIsEnded(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		s := newSession(t, "raw")
		s.sees("Keys: ")
		_ = s.child.Process.Signal(sig)
		s.reports("interrupted")
		_ = s.child.Wait()
		s.whole()
	}
}

// TestRawStoppedFromOutside: a shell has used the terminal meanwhile.
func TestRawStoppedFromOutside(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	_ = s.child.Process.Signal(syscall.SIGSTOP)
	s.setEcho()
	_ = s.child.Process.Signal(syscall.SIGCONT)
	s.sees("Changed. ")
	s.echo(false)
}

// TestRawSuspends: the child leads an orphaned group, whose stops the kernel
// ignores, as a shell's $(…) does. It must not wait for ever.
func TestRawSuspends(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	s.types("\x1a")
	s.reports(`answer: "back"`)
	s.sees("Back. ")
	s.echo(false)
}

// TestRawTerminalIsGone: an error, not a wait.
func TestRawTerminalIsGone(t *testing.T) {
	t.Parallel()
	s := newSession(t, "raw")
	s.sees("Keys: ")
	_ = s.keyboard.Close()
	done := make(chan error, 1)
	go func() { done <- s.child.Wait() }()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("it waits for a terminal that is gone")
	}
}

// TestRawIsNoFile: what is no terminal has no such mode.
func TestRawIsNoFile(t *testing.T) {
	t.Parallel()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	term := &Terminal{in: file, out: file}
	if _, err := term.Raw(t.Context()); !errors.Is(err, ErrNoTerminal) {
		t.Errorf("%v", err)
	}
	if _, err := term.Raw(t.Context()); err == nil || !strings.Contains(err.Error(), ErrNoTerminal.Error()) {
		t.Errorf("again: %v", err)
	}
}
