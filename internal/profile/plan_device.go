package profile

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

// findDevice settles the chain's MFA device: the flag's, else the first
// mfa_serial met walking from the keys up, else (for an IAM user's keys)
// aws-vault's variable.
func (p *planner) findDevice() error {
	named, err := p.namedSerials()
	if err != nil {
		return err
	}
	flag := p.flag("--mfa-serial", p.req.Overrides.MFASerial)
	serial := firstSet(append([]given{flag}, named...)...)
	if !serial.isSet() && p.source.isUsers() {
		serial = p.env("AWS_MFA_SERIAL")
	}
	if serial.isSet() {
		if err := checkSerial(serial); err != nil {
			return err
		}
		p.device = &Device{Serial: serial.Text, Profile: serial.profile, Origin: serial.Origin}
		if err := p.checkPresentable(serial); err != nil {
			return err
		}
	}
	return p.addDeviceProcess()
}

// namedSerials returns the profiles' mfa_serial settings from the keys up.
// They must all name one device: a chain takes one code.
func (p *planner) namedSerials() ([]given, error) {
	var found []given
	all := p.members()
	for i := len(all) - 1; i >= 0; i-- {
		g := all[i].get("mfa_serial")
		if !g.isSet() {
			continue
		}
		if len(found) > 0 && found[0].Text != g.Text && p.req.Overrides.MFASerial == "" {
			return nil, fault.New(fault.InvalidValue, "profile %q (%s) names another device than its mfa_serial", found[0].profile, found[0].Origin).
				In(g.profile).At(g.Origin).Fix("a chain has one device: remove one of them, or give --mfa-serial")
		}
		found = append(found, g)
	}
	return found, nil
}

// checkPresentable refuses a device that no call of the chain can take.
func (p *planner) checkPresentable(serial given) error {
	const remedy = "put mfa_serial where the chain's keys are, or remove it"
	switch s := p.source.strength(); {
	case s == aRole:
		return serial.invalid("cannot be used: the source (%s) is a role's session, which presents no device", p.source.Kind).Fix(remedy)
	case s == aSession && len(p.roles) == 0:
		return serial.invalid("cannot be used: the keys are a session already, and no role follows").Fix(remedy)
	case s == aSession && p.isAboveFirst(serial):
		return serial.invalid("cannot be used: its role is assumed from another role's session, which presents no device").Fix(remedy)
	case serial.name == "--mfa-serial" && len(p.roles) == 0 && p.req.Overrides.NoSessionToken:
		return serial.invalid("has no call that takes it beside --no-session-token").Fix("leave one of them out")
	case serial.name == "--mfa-serial" && p.req.Overrides.Federate != "":
		return serial.invalid("has no call that takes it: GetFederationToken takes no code").Fix("leave it out")
	case len(p.roles) > 0 && p.device.OfRoot():
		return serial.invalid("is the root user's device, and AWS lets no root user assume a role").Fix("use an IAM user's keys")
	}
	return nil
}

// checkCode refuses a code that was given and that no call of the chain takes:
// whoever gave it believes that it counts.
func (p *planner) checkCode() error {
	takes := func(c Call) bool { return c.Device != nil }
	if !p.req.Overrides.MFAToken || slices.ContainsFunc(p.chain.Calls, takes) {
		return nil
	}
	return p.flag("--mfa-token", "").invalid("has no call of this chain that takes it").
		Fix("name the device with mfa_serial or --mfa-serial, or leave the code out")
}

// isAboveFirst reports whether a profile further up than the first role's
// named the device.
func (p *planner) isAboveFirst(serial given) bool {
	return serial.fromFile() && serial.profile != p.base.name && serial.profile != p.roles[0].name
}

// OfRoot reports whether the device is the root user's virtual one, by the
// name that the console gives it.
func (d *Device) OfRoot() bool {
	return strings.HasSuffix(d.Serial, ":mfa/root-account-mfa-device")
}

// refuseRoot refuses a call that root's keys should not make: nothing can
// limit or revoke what it returns.
func (p *planner) refuseRoot(call string) error {
	if p.device == nil || !p.device.OfRoot() {
		return nil
	}
	return fault.New(fault.InvalidValue, "mfa_serial is the root user's device, and %s is refused for root: no policy can limit or revoke its sessions", call).
		In(p.device.Profile).At(p.device.Origin).Fix("use an IAM user's keys")
}

// addDeviceProcess finds the program that prints the device's codes: of the
// profile that named the device, else the first one met from the keys up.
func (p *planner) addDeviceProcess() error {
	program := p.deviceProcess()
	if !program.isSet() {
		return nil
	}
	if p.device == nil {
		p.note(program.profile, program.where()+" does nothing: no profile of the chain has an mfa_serial")
		return nil
	}
	if err := p.untrusted(program); err != nil {
		p.note(program.profile, err.Message+" ("+program.Origin.String()+")")
		return nil
	}
	p.device.Process = program.Value
	return nil
}

func (p *planner) deviceProcess() given {
	var found given
	all := p.members()
	for i := len(all) - 1; i >= 0; i-- {
		g := all[i].get("mfa_process")
		if g.isSet() && p.device != nil && g.profile == p.device.Profile {
			return g
		}
		found = firstSet(found, g)
	}
	return found
}
