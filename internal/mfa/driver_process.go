package mfa

import (
	"context"
	"errors"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/program"
)

const processName = "process"

const (
	// processTime is how long mfa_process may take; a person may have to
	// touch a key.
	processTime = 60 * time.Second
	// processOutput bounds what is read of its output, in bytes.
	processOutput = 4096
)

// process runs the profile's mfa_process, a shell command that prints a code.
func process() driver {
	return driver{name: processName, able: processAble, code: processCode}
}

func processAble(_ *Codes, device profile.Device) error {
	if device.Process.Text == "" {
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
		if err := t.codes.awaitNext(ctx, t.device.Serial, untilNext(t.codes.Now())); err != nil {
			return "", err
		}
	}
	code, err := t.codes.runProcess(ctx, t.device)
	if err == nil && !wellFormed(code) {
		err = errors.New("it did not print 6 digits")
	}
	if errors.Is(err, fault.ErrInterrupted) {
		return "", err
	}
	if err != nil {
		return "", processFailed(t.device, err)
	}
	return code, nil
}

// runProcess runs mfa_process for the device and returns its output, trimmed.
func (c *Codes) runProcess(ctx context.Context, device profile.Device) (creds.Secret, error) {
	printed, err := c.Program.Output(ctx, device.Process.Text, program.Limits{Time: processTime, Bytes: processOutput},
		creds.Variable{Name: "ASSUME_ROLE_MFA_SERIAL", Value: creds.Secret(device.Serial)},
		creds.Variable{Name: "ASSUME_ROLE_PROFILE", Value: creds.Secret(device.Profile)})
	if errors.Is(ctx.Err(), context.Canceled) {
		return "", fault.ErrInterrupted
	}
	return creds.Secret(strings.TrimSpace(printed.Reveal())), err
}

func processFailed(device profile.Device, err error) error {
	return fault.New("", "mfa_process gave no code of %s: %v", device.Serial, err).In(device.Profile).At(device.Origin).
		Fix("run it by hand and see").Because(err)
}
