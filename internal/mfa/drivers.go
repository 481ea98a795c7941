package mfa

import (
	"context"
	"errors"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// driver is one way to get a code.
type driver struct {
	name string
	// chosen says that it is used only where it was chosen by name.
	chosen bool
	// able returns an error when the driver cannot get a code of the device
	// at all, so that nobody waits to find out.
	able func(*Codes, profile.Device) error
	// code gets one code. why is the reason that the one before was no good,
	// empty at first.
	code func(ctx context.Context, t *turn, why string) (creds.Secret, error)
}

// drivers are the ways to get a code, in the order in which they are tried.
func drivers() []driver {
	return []driver{computed(), process(), prompt(), pinentry(), zenity(), kdialog(), osascript()}
}

// Drivers are the names that --mfa-prompt takes.
func Drivers() []string {
	var names []string
	for _, d := range drivers() {
		names = append(names, d.name)
	}
	return names
}

// checkDriver returns an error for a name that is neither empty nor one of
// Drivers.
func checkDriver(name string) error {
	if name == "" {
		return nil
	}
	for _, known := range Drivers() {
		if name == known {
			return nil
		}
	}
	return fault.New(fault.InvalidValue, "there is no MFA prompt driver %q", name).
		Fix("choose one of %s", strings.Join(Drivers(), ", "))
}

var errNotChosen = errors.New("another MFA prompt driver was chosen")

// ways are the drivers that can get a code of the device.
func (c *Codes) ways(device profile.Device) ([]driver, error) {
	var able []driver
	var reasons []error
	why := errors.New("there is no terminal to ask on")
	for _, d := range append([]driver{ahead()}, drivers()...) {
		err := errNotChosen
		if c.Driver == "" && !d.chosen || c.Driver == d.name || d.name == "" {
			err = d.able(c, device)
		}
		if err == nil {
			able = append(able, d)
		} else if c.Driver == d.name && d.name != "" && d.name != terminalName {
			why = err
		}
		reasons = append(reasons, err)
	}
	if len(able) == 0 {
		return nil, c.noWay(device, why).Because(errors.Join(reasons...))
	}
	return able, nil
}

// noWay is the one line for a code that nothing here can give.
func (c *Codes) noWay(device profile.Device, why error) *fault.Error {
	if c.NoPrompt && (c.Driver == "" || c.Driver == terminalName) {
		why = errors.New("prompts are turned off")
	}
	f := fault.New("", "an MFA code of %s is needed and %v", device.Serial, why).In(device.Profile).At(device.Origin)
	if c.Driver == totpName {
		return f.Fix("store its secret with `assume-role mfa add`, or give a code with --mfa-token CODE")
	}
	if c.NoPrompt {
		return f.Fix("give one with --mfa-token CODE, or set mfa_process in the profile to a command that prints it")
	}
	return f.Fix("give one with --mfa-token CODE, set mfa_process in the profile to a command that prints it, or choose a dialog with --mfa-prompt")
}
