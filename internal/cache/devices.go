package cache

import "slices"

// PutDevice records that an MFA device's TOTP secret is in the key store.
func (x *Index) PutDevice(serial string) error {
	return x.update(func(c *Contents) {
		if !slices.Contains(c.Devices, serial) {
			c.Devices = append(c.Devices, serial)
			slices.Sort(c.Devices)
		}
	})
}

// RemoveDevice forgets that an MFA device's TOTP secret is in the key store.
func (x *Index) RemoveDevice(serial string) error {
	return x.update(func(c *Contents) {
		c.Devices = slices.DeleteFunc(c.Devices, func(s string) bool { return s == serial })
	})
}
