package mfa

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

const terminalName = "terminal"

// answerTime is how long a person may take, which is also how long other
// processes wait for the device.
const answerTime = 5 * time.Minute

// prompt asks a person at the terminal.
func prompt() driver {
	return driver{name: terminalName, able: promptAble, code: promptCode}
}

func promptAble(c *Codes, _ profile.Device) error {
	if c.NoPrompt {
		return errors.New("prompts are turned off")
	}
	_, err := c.Terminal()
	return err
}

func promptCode(ctx context.Context, t *turn, why string) (creds.Secret, error) {
	terminal, err := t.codes.Terminal()
	if err != nil {
		return "", err
	}
	if err := t.awaitShown(ctx, why); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, t.codes.patience)
	defer cancel()
	question := question(t.device) + ": "
	answer, err := terminal.AskSecret(ctx, strings.TrimSpace(why+" "+question)+" ")
	if err != nil {
		return "", promptFailed(t.device, err)
	}
	return creds.Secret(strings.TrimSpace(answer.Reveal())), nil
}

// question is what a person is asked.
func question(device profile.Device) string {
	return fmt.Sprintf("MFA code for %s (profile %s)", device.Serial, device.Profile)
}

// awaitShown waits, after a used code was typed, until the device shows another
// one: that one was shown in the period that it was sent in, or before.
func (t *turn) awaitShown(ctx context.Context, why string) error {
	if why != wasUsed {
		return nil
	}
	now := t.codes.Now()
	if over := t.usedAt.Add(untilNext(t.usedAt)); now.Before(over) {
		return t.codes.awaitNext(ctx, t.device.Serial, over.Sub(now))
	}
	return nil
}

func promptFailed(device profile.Device, err error) error {
	if errors.Is(err, fault.ErrInterrupted) {
		return fault.ErrInterrupted
	}
	why := err.Error()
	var f *fault.Error
	if errors.As(err, &f) {
		why = f.Message
	}
	return fault.New("", "no MFA code of %s was typed: %s", device.Serial, why).In(device.Profile).At(device.Origin).
		Fix("type the 6 digits that the device shows, or give them with --mfa-token").Because(err)
}
