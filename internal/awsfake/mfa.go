package awsfake

// mfaCode is SerialNumber and TokenCode as a call carries them.
type mfaCode struct{ serial, code string }

// mfaCode reads the two parameters by the limits of the API's model.
func (c *stsCall) mfaCode() mfaCode {
	return mfaCode{
		serial: c.text("SerialNumber", limit{min: 9, max: 256, pattern: `[\w+=/:,.@-]*`}),
		code:   c.text("TokenCode", limit{min: 6, max: 6, pattern: `[\d]*`}),
	}
}

// present hands a code in and reports whether there was one. The device must be
// the calling user's own; a role's session owns none.
func (c *stsCall) present(m mfaCode) (bool, error) {
	switch device := c.devices[m.serial]; {
	case m.serial == "" && m.code == "":
		return false, nil
	case m.serial == "" || m.code == "":
		return false, accessDenied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.")
	case device == nil || device.user != c.caller.user:
		return false, accessDenied("MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.")
	case !device.take(m.code, c.now):
		return false, accessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	}
	c.codes++
	return true, nil
}
