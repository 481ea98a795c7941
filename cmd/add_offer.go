package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/profile"
	"assume-role/internal/terminal"
)

// offer proposes what the profile of a new key lacks in the config file. It is
// a person who decides, so without a terminal nothing is even asked for.
func (n *addition) offer(ctx context.Context) error {
	section, ok := n.section()
	if !ok {
		return nil
	}
	tty := n.somebody()
	if tty == nil && !n.dryRun {
		return nil
	}
	if tty != nil {
		defer tty.Close()
	}
	o := &offers{addition: n, tty: tty, section: section}
	for _, offer := range []func(context.Context) error{o.device, o.region} {
		// Whoever ends a prompt without an answer has declined it.
		if err := offer(ctx); err != nil && !errors.Is(err, errDeclined) {
			return err
		}
	}
	return nil
}

// section is the profile as the files have it so far; false where they cannot
// be read, or where the profile starts from elsewhere.
func (n *addition) section() (*profile.Profile, bool) {
	config, err := n.config()
	if err != nil {
		return nil, false
	}
	if !config.Has(n.profile) {
		return &profile.Profile{Name: n.profile}, true
	}
	chain, err := n.chainOfStored(n.profile, n.key.AccessKeyID)
	if err != nil || chain.Source.Kind != profile.Keyring || chain.Source.Profile != n.profile {
		return nil, false
	}
	section, err := config.Profile(n.profile)
	return section, err == nil
}

// somebody is the terminal of somebody who may be asked, or nil.
func (a *app) somebody() *terminal.Terminal {
	if settings, err := a.settings(); err != nil || settings.Prompt == "never" {
		return nil
	}
	tty, err := a.openDevice()
	if err != nil {
		return nil
	}
	return tty
}

// offers are the proposals for one profile. Without a terminal they are shown
// only.
type offers struct {
	*addition
	tty     *terminal.Terminal
	section *profile.Profile
}

// errDeclined: the person wants none of it.
var errDeclined = errors.New("declined")

// device proposes mfa_serial, of the devices that the key's user has.
func (o *offers) device(ctx context.Context) error {
	if _, set := o.section.Get("mfa_serial"); set || o.caller == nil {
		return nil
	}
	devices, err := iam.New(o.caller.assumer, o.caller.chain, o.key).Devices(ctx, "")
	if errors.Is(err, fault.ErrInterrupted) {
		return err
	}
	if err != nil {
		o.note("mfa_serial is not offered: " + plainError(err))
		return nil
	}
	var serials []string
	for _, d := range devices {
		if d.FIDO {
			o.note(fmt.Sprintf("%s is not offered as mfa_serial: a passkey or security key has no codes, and STS takes none of it", d.Serial))
		} else {
			serials = append(serials, d.Serial)
		}
	}
	serial, err := o.chooseDevice(ctx, serials)
	if err != nil || serial == "" {
		return err
	}
	return o.propose(ctx, "mfa_serial", serial)
}

// chooseDevice lets a person choose one of several devices.
func (o *offers) chooseDevice(ctx context.Context, serials []string) (string, error) {
	switch {
	case len(serials) == 0:
		return "", nil
	case len(serials) == 1:
		return serials[0], nil
	case o.dryRun || o.tty == nil:
		o.note("one of these would be offered as mfa_serial: " + joinNames(serials))
		return "", nil
	}
	i, err := o.tty.Choose(ctx, "Which device gives the codes?", append(serials, "none of these"))
	if err != nil || i == len(serials) {
		return "", declined(err)
	}
	return serials[i], nil
}

// region proposes the region that a person names.
func (o *offers) region(ctx context.Context) error {
	if _, set := o.section.Get("region"); set || o.tty == nil || o.dryRun {
		return nil
	}
	for {
		answer, err := o.tty.Ask(ctx, fmt.Sprintf("Region of profile %s, such as eu-west-1 (empty for none): ", o.profile))
		answer = strings.TrimSpace(answer)
		switch {
		case err != nil:
			return declined(err)
		case answer == "":
			return nil
		case profile.IsRegion(answer):
			return o.propose(ctx, "region", answer)
		}
	}
}

// propose shows a change of the profile's section, which it makes if there is
// none, and writes it if the person says yes.
func (o *offers) propose(ctx context.Context, setting, value string) error {
	f, err := o.configFile()
	if err != nil {
		return err
	}
	if err := f.Set(f.Profile(o.profile), setting, value); err != nil {
		o.note(setting + " is not offered: " + plainError(err))
		return nil
	}
	if o.dryRun {
		return o.showDiff(f)
	}
	o.announce(f)
	yes, err := o.tty.Confirm(ctx, fmt.Sprintf("Write this to %s?", f.Name))
	if err != nil || !yes {
		return declined(err)
	}
	return o.saveAWSFile(f)
}

// declined is the error of a prompt that was not answered; it is passed on
// where the whole run was interrupted.
func declined(err error) error {
	if errors.Is(err, fault.ErrInterrupted) {
		return err
	}
	return errDeclined
}
