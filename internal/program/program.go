// Package program runs the helper commands that a user's files name:
// credential_process, mfa_process, a command that prints a passphrase. They
// run through the system's shell, as the AWS SDK for Go runs them
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"time"

	"assume-role/internal/creds"
)

// drainTime is how long children of an ended command may keep its output open.
const drainTime = time.Second

// ErrTooMuch says that a command printed more than its limit.
var ErrTooMuch = errors.New("it printed too much")

// Runner is how every helper runs. Where there is a terminal it stays in this
// process's group, so that it may use the terminal and Ctrl-C reaches it.
type Runner struct {
	// Stdin is what the helper reads, in practice a terminal; nil is nothing.
	Stdin *os.File
	// Stderr takes what the helper says to the user.
	Stderr io.Writer
	// Environ is the helper's environment, without this tool's secrets.
	Environ []string
	// Apart reports that the terminal is another program's now: the helper then
	// runs in a session of its own, without a terminal, and what it says to the
	// user is lost. nil never does.
	Apart func() bool
}

// Limits bound one run.
type Limits struct {
	// Time is how long it may take; a person may have to answer it.
	Time time.Duration
	// Bytes is how much it may print.
	Bytes int
}

// Output runs a command line and returns what it printed on stdout. extra are
// further variables for it. The errors say what went wrong in a clause and
// quote nothing of the output; fault-making is the caller's.
func (r Runner) Output(ctx context.Context, line string, limits Limits, extra ...creds.Variable) (creds.Secret, error) {
	limited, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	stdout := &bounded{left: limits.Bytes}
	command := shell(limited, line)
	command.Env = r.environ(extra)
	command.Stdout, command.Stderr, command.WaitDelay = stdout, r.Stderr, drainTime
	if r.Stdin != nil {
		command.Stdin = r.Stdin
	}
	if r.Apart != nil && r.Apart() {
		command.Stdin, command.Stderr = nil, nil
		setApart(command)
	}
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limited.Err() != nil:
		return "", fmt.Errorf("it did not end within %s", limits.Time)
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return "", err
	case stdout.over:
		return "", ErrTooMuch
	}
	return creds.Secret(stdout.text.String()), nil
}

// environ puts the extra variables in place of those of the same names.
func (r Runner) environ(extra []creds.Variable) []string {
	env := slices.Clone(r.Environ)
	for _, v := range extra {
		env = append(env, v.Name+"="+v.Value.Reveal())
	}
	return env
}

// bounded keeps the first bytes written to it and takes the rest in silence,
// so that a command that prints on does not hang.
type bounded struct {
	text bytes.Buffer
	left int
	over bool
}

func (b *bounded) Write(p []byte) (int, error) {
	keep := min(len(p), b.left)
	b.left -= keep
	b.over = b.over || keep < len(p)
	_, _ = b.text.Write(p[:keep])
	return len(p), nil
}
