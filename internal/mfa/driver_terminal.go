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

// answerTime is how long a person may take, which is also how long other
// processes wait for the device.
const answerTime = 5 * time.Minute

// prompt asks a person at the terminal.
func prompt() driver {
	return driver{name: "terminal", able: promptAble, code: promptCode}
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
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	question := fmt.Sprintf("MFA code for %s (profile %s): ", t.device.Serial, t.device.Profile)
	answer, err := terminal.AskSecret(ctx, strings.TrimSpace(why+" "+question)+" ")
	if err != nil {
		return "", promptFailed(t.device, err)
	}
	return creds.Secret(strings.TrimSpace(answer.Reveal())), nil
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
