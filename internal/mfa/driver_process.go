package mfa

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

const processName = "process"

const (
	// processTime is how long mfa_process may take; a person may have to
	// touch a key.
	processTime = 60 * time.Second
	// processDrain is how long its children may keep the output open.
	processDrain = time.Second
	// processOutput bounds what is read of its output, in bytes.
	processOutput = 4096
)

// process runs the profile's mfa_process, a shell command that prints a code.
func process() driver {
	return driver{name: processName, able: processAble, code: processCode}
}

func processAble(_ *Codes, device profile.Device) error {
	if device.Process == "" {
		return errors.New("the profile has no mfa_process")
	}
	return nil
}

// processCode runs the command. When it has just given a code that was used,
// it is run again as soon as the device shows its next one.
func processCode(ctx context.Context, t *turn, why string) (creds.Secret, error) {
	if why != "" {
		t.codes.Note("MFA code of " + t.device.Serial + ": " + why)
	}
	if why == wasUsed {
		if err := t.codes.Sleep(ctx, untilNext(t.codes.Now())); err != nil {
			return "", err
		}
	}
	code, err := t.codes.runProcess(ctx, t.device)
	if err == nil && !wellFormed(code) {
		err = errors.New("it did not print 6 digits")
	}
	if err != nil {
		return "", processFailed(t.device, err)
	}
	return code, nil
}

// runProcess runs mfa_process for the device and returns its output, trimmed.
// The command stays in this process's group, so that it may use the terminal
// and Ctrl-C reaches it.
func (c *Codes) runProcess(ctx context.Context, device profile.Device) (creds.Secret, error) {
	ctx, cancel := context.WithTimeout(ctx, processTime)
	defer cancel()
	cmd := shell(ctx, device.Process)
	cmd.Env = append(slices.Clone(c.Environ), "ASSUME_ROLE_MFA_SERIAL="+device.Serial, "ASSUME_ROLE_PROFILE="+device.Profile)
	output := &limited{left: processOutput}
	cmd.Stdout, cmd.Stderr = output, c.Stderr
	cmd.WaitDelay = processDrain
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", errors.New("it did not end within " + processTime.String())
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return "", err
	}
	return creds.Secret(strings.TrimSpace(output.String())), nil
}

// limited keeps the first bytes written to it and takes the rest in silence.
type limited struct {
	bytes.Buffer
	left int
}

func (l *limited) Write(p []byte) (int, error) {
	keep := min(len(p), l.left)
	l.left -= keep
	_, _ = l.Buffer.Write(p[:keep])
	return len(p), nil
}

func processFailed(device profile.Device, err error) error {
	return fault.New("", "mfa_process gave no code of %s: %v", device.Serial, err).In(device.Profile).At(device.Origin).
		Fix("run it by hand and see").Because(err)
}
