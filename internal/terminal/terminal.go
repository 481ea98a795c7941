// Package terminal asks a person at the terminal that the program was started
// from. It reads and writes the terminal device itself (/dev/tty, on Windows
// CONIN$ and CONOUT$) and never the standard streams, so a prompt works with
// all three of them piped, as an SDK's credential_process has them.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/term"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// ErrNoTerminal says that there is no terminal to ask at: none controls the
// process, or the process is in the background, where a read would stop it.
var ErrNoTerminal = errors.New("no terminal to ask at")

// Terminal is the terminal device. One question is asked at a time.
type Terminal struct {
	// Alone takes away what else is shown on the screen, until release is
	// called; nil: nothing is.
	Alone   func() (release func())
	in, out *os.File
	asking  sync.Mutex
}

// alone calls Alone.
func (t *Terminal) alone() (release func()) {
	if t.Alone == nil {
		return func() {}
	}
	return t.Alone()
}

// Open opens the terminal device. Its error satisfies
// errors.Is(err, ErrNoTerminal) when there is nobody to ask.
func Open() (*Terminal, error) { return open() }

// Close releases the device.
func (t *Terminal) Close() error {
	if t.in == t.out {
		return t.in.Close()
	}
	return errors.Join(t.in.Close(), t.out.Close())
}

// Ask shows the prompt and returns the line that is typed, without its end and
// with the echo on. Ctrl-C, and the end of ctx, give fault.ErrInterrupted.
func (t *Terminal) Ask(ctx context.Context, prompt string) (string, error) {
	return t.line(ctx, Visible(prompt), true)
}

// AskSecret is Ask with the echo off. However it ends, the echo is as before.
func (t *Terminal) AskSecret(ctx context.Context, prompt string) (creds.Secret, error) {
	line, err := t.line(ctx, Visible(prompt), false)
	return creds.Secret(line), err
}

// Confirm asks a question until it is answered with yes or no. An empty line
// means no.
func (t *Terminal) Confirm(ctx context.Context, question string) (bool, error) {
	for {
		answer, err := t.Ask(ctx, question+" [y/N] ")
		if err != nil {
			return false, err
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return true, nil
		case "", "n", "no":
			return false, nil
		}
	}
}

// Choose shows choices, a line each, and asks until one is chosen by its
// number. It returns the index.
func (t *Terminal) Choose(ctx context.Context, question string, choices []string) (int, error) {
	var prompt strings.Builder
	for i, choice := range choices {
		fmt.Fprintf(&prompt, "%3d  %s\n", i+1, Visible(choice))
	}
	fmt.Fprintf(&prompt, "%s [1-%d] ", Visible(question), len(choices))
	for {
		answer, err := t.line(ctx, prompt.String(), true)
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(strings.TrimSpace(answer)); err == nil && n >= 1 && n <= len(choices) {
			return n - 1, nil
		}
	}
}

// IsTerminal reports whether a file descriptor is a terminal.
func IsTerminal(fd uintptr) bool { return term.IsTerminal(int(fd)) }

// errEnded is what Ctrl-D at a prompt means.
func errEnded() error {
	return fault.New("", "the prompt was ended without an answer").Fix("type the answer and press Enter")
}
