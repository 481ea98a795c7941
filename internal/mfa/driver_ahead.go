package mfa

import (
	"context"
	"errors"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// errSpent says that the code given ahead was used.
var errSpent = errors.New("the code given ahead was used")

// ahead hands out the code that the user gave ahead of time, once. It has no
// name: it comes first whatever driver is chosen.
func ahead() driver {
	return driver{able: aheadAble, code: aheadCode}
}

func aheadAble(c *Codes, _ profile.Device) error {
	c.given.Lock()
	defer c.given.Unlock()
	if c.Given == "" || c.spent {
		return errSpent
	}
	return nil
}

func aheadCode(_ context.Context, t *turn, why string) (creds.Secret, error) {
	c := t.codes
	c.given.Lock()
	defer c.given.Unlock()
	if !c.spent {
		c.spent = true
		return c.Given, nil
	}
	if why == "" || len(t.ways) > 1 {
		return "", errSpent
	}
	reason, _, _ := strings.Cut(why, ":") // what to do follows as the advice
	return "", fault.New("", "the MFA code given ahead for %s cannot be used: %s", t.device.Serial, reason).
		In(t.device.Profile).At(t.device.Origin).Fix("give the device's next code")
}
