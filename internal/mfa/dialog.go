package mfa

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// dialogTitle heads the windows.
const dialogTitle = "assume-role"

const (
	// dialogOutput bounds what is read of a dialog's program, in bytes.
	dialogOutput = 4096
	// dialogDrain is how long what an ended dialog started may keep its output
	// open.
	dialogDrain = time.Second
	// maxShown bounds a name in a dialog, in characters.
	maxShown = 256
)

// window is a program that asks a person in a window of its own and prints the
// answer.
type window struct {
	program string
	// needsDisplay says that it draws on an X or Wayland display.
	needsDisplay bool
	// arguments are those that ask the question. It holds no markup.
	arguments func(question string) []string
	// cancelled tells a person's "no" from a failure, of which stderr tells.
	cancelled func(stderr string) bool
}

// driver is the way to a code through the window: out of band, so only where
// it was chosen by name.
func (w window) driver() driver {
	return driver{name: w.program, chosen: true, able: w.able, code: w.code}
}

func (w window) able(c *Codes, _ profile.Device) error {
	if err := c.mayAsk(); err != nil {
		return err
	}
	if _, err := c.LookPath(w.program); err != nil {
		return fmt.Errorf("%s is not in PATH", w.program)
	}
	if w.needsDisplay && !c.hasDisplay() {
		return fmt.Errorf("%s has no display (neither DISPLAY nor WAYLAND_DISPLAY is set)", w.program)
	}
	return nil
}

// mayAsk returns an error where nobody may be asked.
func (c *Codes) mayAsk() error {
	if c.NoPrompt {
		return errors.New("prompts are turned off")
	}
	if c.LookPath == nil {
		return errors.New("no program can be looked up")
	}
	return nil
}

// hasDisplay: on macOS and Windows programs draw without one.
func (c *Codes) hasDisplay() bool {
	return runtime.GOOS == "darwin" || runtime.GOOS == "windows" || c.variable("DISPLAY") != "" || c.variable("WAYLAND_DISPLAY") != ""
}

func (c *Codes) variable(name string) string {
	if c.Getenv == nil {
		return ""
	}
	return c.Getenv(name)
}

// code shows the window, which is given as long as a prompt.
func (w window) code(ctx context.Context, t *turn, why string) (creds.Secret, error) {
	if err := t.awaitShown(ctx, why); err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, t.codes.patience)
	defer cancel()
	path, err := t.codes.LookPath(w.program)
	if err != nil {
		return "", dialogFailed(t.device, w.program, err)
	}
	command := exec.CommandContext(limited, path, w.arguments(dialogText(t.device, why))...)
	apart(command)
	var stdout kept
	stderr, err := t.codes.runDialog(command, &stdout)
	switch {
	case ctx.Err() != nil:
		return "", fault.ErrInterrupted
	case limited.Err() != nil:
		return "", dialogFailed(t.device, w.program, t.codes.unanswered())
	case err != nil && command.ProcessState != nil && command.ProcessState.ExitCode() == 1 && w.cancelled(stderr):
		return "", fault.ErrInterrupted
	case err != nil:
		return "", dialogFailed(t.device, w.program, said(stderr, err))
	}
	return creds.Secret(strings.TrimSpace(stdout.String())), nil
}

func (c *Codes) unanswered() error { return fmt.Errorf("nobody answered within %s", c.patience) }

// runDialog runs the program with the helpers' environment. It dies with this
// process, where the system offers that.
func (c *Codes) runDialog(command *exec.Cmd, stdout io.Writer) (stderr string, err error) {
	var errs kept
	command.Env, command.Stdout, command.Stderr, command.WaitDelay = c.Program.Environ, stdout, &errs, dialogDrain
	err = bound(command, command.Run)
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil
	}
	return errs.String(), err
}

// kept keeps the first bytes written to it.
type kept struct{ bytes.Buffer }

func (k *kept) Write(p []byte) (int, error) {
	_, _ = k.Buffer.Write(p[:min(len(p), max(0, dialogOutput-k.Len()))])
	return len(p), nil
}

// said is why a program failed: how it ended, with its own last word, or with
// what it says of a display.
func said(stderr string, err error) error {
	word := ""
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); line != "" {
			word = line
		}
		if strings.Contains(line, "display") {
			break
		}
	}
	if word == "" {
		return err
	}
	return fmt.Errorf("%w (%s)", err, terminal.Visible(word))
}

func dialogFailed(device profile.Device, program string, err error) error {
	return fault.New("", "%s gave no code of %s: %v", program, device.Serial, err).In(device.Profile).At(device.Origin).
		Fix("see that it works, choose another way with --mfa-prompt, or give a code with --mfa-token").Because(err)
}

// dialogText is the question, after the reason to ask it again, as plain text
// that means the same to every toolkit.
func dialogText(device profile.Device, why string) string {
	device.Serial, device.Profile = harmless(device.Serial), harmless(device.Profile)
	return strings.TrimSpace(why + " " + question(device))
}

// harmless is text of the user's files without a character that a toolkit may
// take for markup (GTK, Qt), for an escape or for an accelerator: look-alikes
// stand in their place. Nothing in it is obeyed or hidden, and it is short.
func harmless(text string) string {
	shown := []rune(strings.NewReplacer("<", "‹", ">", "›", "&", "＆", `\`, "∖").Replace(terminal.Visible(text)))
	if len(shown) > maxShown {
		shown = append(shown[:maxShown-1], '…')
	}
	return string(shown)
}
