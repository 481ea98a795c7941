package mfa

import (
	"context"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

const pinentryName = "pinentry"

// agentConfLimit is far above the size of a gpg-agent.conf, in bytes.
const agentConfLimit = 1 << 16

// pinentry asks through GnuPG's dialog, whichever the user has.
func pinentry() driver {
	return driver{name: pinentryName, chosen: true, able: pinentryAble, code: pinentryCode}
}

func pinentryAble(c *Codes, _ profile.Device) error {
	if err := c.mayAsk(); err != nil {
		return err
	}
	_, err := c.pinentryProgram()
	return err
}

// pinentryProgram is the one of gpg-agent.conf
// (https://www.gnupg.org/documentation/manuals/gnupg/Agent-Options.html), else
// the one in PATH.
func (c *Codes) pinentryProgram() (string, error) {
	candidates := []string{pinentryName, "pinentry-mac"}
	if set := c.agentPinentry(); set != "" {
		candidates = []string{set}
	}
	for _, name := range candidates {
		if path, err := c.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New(candidates[0] + " is not found")
}

// agentPinentry is the pinentry-program of gpg-agent.conf, or "".
func (c *Codes) agentPinentry() string {
	folder := c.variable("GNUPGHOME")
	if home := c.variable("HOME"); folder == "" && home != "" {
		folder = home + "/.gnupg"
	}
	if folder == "" {
		return ""
	}
	data, err := securefile.Read(folder+"/gpg-agent.conf", agentConfLimit)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name == "pinentry-program" {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

func pinentryCode(ctx context.Context, t *turn, why string) (creds.Secret, error) {
	if err := t.awaitShown(ctx, why); err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, t.codes.patience)
	defer cancel()
	path, err := t.codes.pinentryProgram()
	if err != nil {
		return "", dialogFailed(t.device, pinentryName, err)
	}
	command := exec.CommandContext(limited, path)
	code, err := t.codes.converse(command, cancel, t.codes.pinentryLines(dialogText(t.device, why)))
	if err != nil {
		heard(ctx)
	}
	switch {
	case ctx.Err() != nil, errors.Is(err, fault.ErrInterrupted), byCtrlC(command):
		return "", fault.ErrInterrupted
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return "", dialogFailed(t.device, pinentryName, t.codes.unanswered())
	case err != nil:
		return "", dialogFailed(t.device, pinentryName, err)
	}
	return creds.Secret(strings.TrimSpace(code.Reveal())), nil
}

// hearing is how much later than a program this process may hear of a Ctrl-C.
const hearing = 300 * time.Millisecond

// heard waits for the Ctrl-C of which a program may have ended, with whatever
// status: the terminal that it shares with this process tells both.
func heard(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(hearing):
	}
}

// byCtrlC reports whether the program was ended from the terminal that it
// shares with this process, which may hear of it later.
func byCtrlC(command *exec.Cmd) bool {
	return command.ProcessState != nil && command.ProcessState.String() == "signal: interrupt"
}

// pinentryLines are what is said to it before it asks. Where this process may
// use the terminal, so may a pinentry that has no display; where a child owns
// it, none is told of it.
func (c *Codes) pinentryLines(question string) []assuanLine {
	lines := []assuanLine{
		{"SETTITLE", dialogTitle, false},
		{"SETDESC", question, false},
		{"SETPROMPT", "MFA code:", false},
		{"SETTIMEOUT", strconv.FormatInt(seconds(c.patience), 10), true},
	}
	if _, err := c.Terminal(); err != nil {
		return lines
	}
	for _, option := range [][2]string{{"ttyname", "/dev/tty"}, {"ttytype", c.variable("TERM")}} {
		if option[1] != "" {
			lines = append(lines, assuanLine{"OPTION", option[0] + "=" + option[1], true})
		}
	}
	return lines
}

// converse runs a pinentry, speaks to it and returns what was typed. One that
// does not end by itself afterwards is ended.
func (c *Codes) converse(command *exec.Cmd, end func(), lines []assuanLine) (pin creds.Secret, err error) {
	to, err := command.StdinPipe()
	if err != nil {
		return "", err
	}
	from, ours := io.Pipe()
	command.Stdout = ours
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		stderr, err := c.runDialog(command, ours)
		if err != nil {
			err = said(stderr, err)
		}
		_ = ours.CloseWithError(err) // nil is io.EOF
	}()
	pin, err = assuan{from, to}.getPIN(lines)
	_ = to.Close()
	_ = from.Close()
	defer time.AfterFunc(dialogDrain, end).Stop()
	<-ended
	return pin, err
}
