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

	"assume-role/internal/fault"
)

// maxLine bounds an answer, in bytes. Terminals hold no more than 4096 of a
// line themselves (termios(3), MAX_CANON).
const maxLine = 4000

// The keys that a terminal left in raw mode hands over as bytes.
const (
	ctrlC = 0x03
	ctrlD = 0x04
)

// line shows the prompt, which is visible text, and reads one line, the terminal in line mode with the
// echo as wanted, and as it was before when line returns.
func (t *Terminal) line(ctx context.Context, prompt string, echo bool) (string, error) {
	t.asking.Lock()
	defer t.asking.Unlock()
	defer t.alone()()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	if ctx.Err() != nil {
		return "", ended(ctx)
	}
	restore, err := t.lineMode(echo)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	defer restore()
	resumes := make(chan os.Signal, 1)
	notifyResumed(resumes)
	defer signal.Stop(resumes)
	if _, err := io.WriteString(t.out, prompt); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoTerminal, err)
	}
	answer, err := t.await(ctx, resumes, func() { t.askAgain(prompt, echo) })
	if !echo || err != nil {
		_, _ = io.WriteString(t.out, "\n")
	}
	return answer, err
}

// askAgain makes up for a stop (Ctrl-Z) during a prompt: the shell has used the
// screen, and has set the echo back to its own liking.
func (t *Terminal) askAgain(prompt string, echo bool) {
	if _, err := t.lineMode(echo); err == nil {
		_, _ = io.WriteString(t.out, prompt)
	}
}

// await reads a line, or gives up when ctx ends.
func (t *Terminal) await(ctx context.Context, resumes <-chan os.Signal, resumed func()) (string, error) {
	type result struct {
		line string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		line, err := readLine(t.in)
		read <- result{line, err}
	}()
	for ctx.Err() == nil {
		select {
		case r := <-read:
			return r.line, r.err
		case <-resumes:
			resumed()
		case <-ctx.Done():
		}
	}
	// Where the device can be polled the read ends and takes no later input;
	// where it cannot, the read is left behind for the process's short rest.
	if t.in.SetReadDeadline(time.Unix(1, 0)) == nil {
		<-read
		_ = t.in.SetReadDeadline(time.Time{})
	}
	return "", ended(ctx)
}

// ended says why a prompt has no answer.
func ended(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fault.New("", "nobody answered the prompt in time").Because(ctx.Err())
	}
	return fault.ErrInterrupted
}

// readLine reads up to the end of the line. It reads byte by byte, so that
// what was typed ahead stays for the next question.
func readLine(r io.Reader) (string, error) {
	var line []byte
	var b [1]byte
	for {
		n, err := r.Read(b[:])
		switch {
		case n == 0 && err == nil:
			continue
		case n == 0 && errors.Is(err, io.EOF):
			return "", errEnded()
		case n == 0:
			return "", fmt.Errorf("%w: %w", ErrNoTerminal, err)
		}
		switch b[0] {
		case '\n', '\r':
			return answer(line)
		case ctrlC:
			return "", fault.ErrInterrupted
		case ctrlD:
			return "", errEnded()
		}
		if len(line) <= maxLine {
			line = append(line, b[0])
		}
	}
}

// answer is the line as text, if it is not too long.
func answer(line []byte) (string, error) {
	if len(line) > maxLine {
		return "", fault.New("", "the answer is longer than %d characters", maxLine)
	}
	return string(line), nil
}
