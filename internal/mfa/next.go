package mfa

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// Next returns a code of a device whose secret is stored, one that was neither
// sent nor returned here yet. Where that of now was it waits for the next one,
// or, unless wait says so, fails. Two calls in a row give two codes in a row, as
// AWS wants them to enable a device. The code can be given ahead, or typed, but
// is not sent by itself any more.
func (c *Codes) Next(ctx context.Context, sts profile.Endpoint, serial string, wait bool) (creds.Secret, error) {
	var code creds.Secret
	err := c.having(ctx, sts, profile.Device{Serial: serial}, func(t *turn) error {
		for range maxAsked {
			var err error
			if code, err = t.compute(ctx, wait); err != nil {
				return err
			}
			if !t.memory.taken(serial, code) {
				t.rememberPrinted(code)
				return nil
			}
		}
		return t.gaveUp("no usable code was made")
	})
	return code, err
}

// rememberPrinted keeps the code from being printed again.
func (t *turn) rememberPrinted(code creds.Secret) {
	if err := t.memory.note(t.device.Serial, code, true); err != nil {
		t.codes.Note("cannot remember that an MFA code was printed: " + err.Error())
	}
}
