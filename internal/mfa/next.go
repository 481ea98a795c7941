package mfa

import (
	"context"

	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// Next returns a code of a device whose secret is stored, one that was not
// used yet and counts as used from now on. Where the code of now was used it
// waits for the next one, or, unless wait says so, fails. Two calls in a row
// give two codes in a row, as AWS wants them to enable a device.
func (c *Codes) Next(ctx context.Context, sts profile.Endpoint, serial string, wait bool) (creds.Secret, error) {
	var code creds.Secret
	err := c.having(ctx, sts, profile.Device{Serial: serial}, func(t *turn) error {
		for range maxAsked {
			var err error
			if code, err = t.compute(ctx, wait); err != nil {
				return err
			}
			if t.unfit(code) == "" {
				t.remember(code)
				return nil
			}
		}
		return t.gaveUp("no usable code was made")
	})
	return code, err
}
