package mfa

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"assume-role/internal/creds"
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
	return creds.Secret(strings.TrimSpace(answer.Reveal())), err
}
