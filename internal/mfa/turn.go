package mfa

import (
	"context"
	"errors"
	"fmt"
	"time"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// turn is one call of WithCode while it has the device to itself.
type turn struct {
	codes  *Codes
	device profile.Device
	// ways are the drivers that may still give a code, best first.
	ways   []driver
	memory memory
	// usedAt is when the code that unfit found to be used was sent.
	usedAt time.Time
	// lost counts the codes to whose call AWS gave no usable answer.
	lost int
}

// The reasons to ask again, as the prompt shows them.
const (
	notDigits = "That is not 6 digits."
	wasUsed   = "That code was used already: wait for the device's next one."
	wasWrong  = "AWS did not accept that code: wait for the device's next one."
	wasLost   = "AWS gave no answer to that code: wait for the device's next one."
)

// run asks until a code is accepted, try fails in another way, or the limits
// are reached.
func (t *turn) run(ctx context.Context, try func(creds.Secret) (bool, error)) error {
	sent, why := 0, ""
	for range maxAsked {
		code, err := t.code(ctx, why)
		if err != nil {
			return err
		}
		if why = t.unfit(code); why != "" {
			continue
		}
		t.remember(code)
		spent, err := try(code)
		if !spent || err != nil && t.lost == maxLost {
			return err
		}
		if sent++; sent == maxSent {
			return t.gaveUp(fmt.Sprintf("AWS refused %d codes", sent))
		}
		why = t.reason(err)
	}
	return t.gaveUp("no usable code was given")
}

// reason says why a code that was sent did no good.
func (t *turn) reason(err error) string {
	if err == nil {
		return wasWrong
	}
	t.lost++
	return wasLost
}

// unfit says why a code is not worth sending, or "".
func (t *turn) unfit(code creds.Secret) string {
	if !wellFormed(code) {
		return notDigits
	}
	at, used := t.memory.sent(t.device.Serial, code)
	if !used {
		return ""
	}
	t.usedAt = at
	return wasUsed
}

// remember keeps the code from being sent again. It does so before the code is
// sent, because a process may end at any moment afterwards.
func (t *turn) remember(code creds.Secret) {
	if err := t.memory.add(t.device.Serial, code); err != nil {
		t.codes.Note("cannot remember that an MFA code was used: " + err.Error())
	}
}

// code asks the first way for a code, and the next ones when it fails.
func (t *turn) code(ctx context.Context, why string) (creds.Secret, error) {
	for len(t.ways) > 0 {
		code, err := t.ways[0].code(ctx, t, why)
		if err == nil {
			return code, nil
		}
		if ctx.Err() != nil || errors.Is(err, fault.ErrInterrupted) {
			return "", fault.ErrInterrupted
		}
		t.ways = t.ways[1:]
		switch {
		case err == errSpent:
		case len(t.ways) == 0:
			return "", err
		default:
			t.codes.Note(err.Error())
		}
	}
	return "", t.codes.noWay(t.device, errSpent)
}

func (t *turn) gaveUp(why string) error {
	return fault.New("", "no MFA code of %s was accepted: %s", t.device.Serial, why).In(t.device.Profile).At(t.device.Origin).
		Fix("check that mfa_serial names the device in your hand and that its clock is right")
}
