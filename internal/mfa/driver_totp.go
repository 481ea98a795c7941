package mfa

import (
	"context"
	"errors"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

const totpName = "totp"

// maxComputed is how many codes AWS may refuse before the stored secret is
// taken for a wrong one. The first may have been used somewhere else.
const maxComputed = 2

// computed makes the codes of a device whose secret is stored: nobody is asked.
func computed() driver {
	refused := 0
	return driver{name: totpName, able: computedAble, code: func(ctx context.Context, t *turn, why string) (creds.Secret, error) {
		if why == wasWrong {
			refused++
		}
		if refused == maxComputed {
			return "", computedRefused(t.device)
		}
		return t.compute(ctx, true)
	}}
}

func computedAble(c *Codes, device profile.Device) error {
	if c.Stored == nil || !c.Stored(device.Serial) {
		return errors.New("no TOTP secret of it is stored")
	}
	return nil
}

// compute returns the code of now, or, where that was used, of the next
// period: once that has come, if wait says so.
func (t *turn) compute(ctx context.Context, wait bool) (creds.Secret, error) {
	seed, err := t.codes.Seed(ctx, t.device.Serial)
	if err != nil {
		return "", unread(t.device, err)
	}
	code, err := seed.Code(t.codes.Now())
	if err != nil {
		return "", storedUnusable(t.device, err)
	}
	if !t.memory.taken(t.device.Serial, code) {
		return code, nil
	}
	left := untilNext(t.codes.Now())
	if !wait {
		return "", fault.New("", "the code of %s was used already; its next one comes in %d s", t.device.Serial, seconds(left)).
			Fix("run it again then, or leave out --no-wait")
	}
	if err := t.codes.awaitNext(ctx, t.device.Serial, left); err != nil {
		return "", err
	}
	return seed.Code(t.codes.Now())
}

// unread says for whom the key store was asked.
func unread(device profile.Device, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.In(device.Profile)
	}
	return err
}

func storedUnusable(device profile.Device, err error) error {
	return fault.New("", "the stored TOTP secret of %s gives no code", device.Serial).In(device.Profile).At(device.Origin).
		Fix("store it again with `assume-role mfa add`").Because(err)
}

func computedRefused(device profile.Device) error {
	return fault.New("", "AWS refused two codes made from the stored TOTP secret of %s", device.Serial).In(device.Profile).At(device.Origin).
		Fix("check this machine's clock; or store the device's secret again with `assume-role mfa add`")
}
