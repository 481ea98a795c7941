package cmd

import (
	"slices"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// explainer finds out what there is to say about one chain, from files,
// variables and the index.
type explainer struct {
	chain    *profile.Chain
	config   *profile.Config
	settings Settings
	now      time.Time
	// sections are the chain's profiles that have a section.
	sections []*profile.Profile
	// sessions are the source's and each call's.
	sessions []keptSession
	// given says that a code is at hand.
	given bool
	// stored tells the devices whose TOTP secret is stored.
	stored func(serial string) bool
	// name makes the name of a role's session.
	name func() string
	// account is that of the key in the key store, where it is known.
	account string
}

// explain says all about a chain that f asked for.
func (a *app) explain(chain *profile.Chain, how string, f *credentialFlags, settings Settings) (*explanation, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	name, err := sessionNamer(a.host, settings.SessionName, chain.Profile)
	if err != nil {
		return nil, err
	}
	request := a.request(settings)
	request.Profile, request.SourceProfile = chain.Profile, f.sourceProfile
	e := &explainer{
		chain: chain, config: config, settings: settings, now: a.host.Now(), name: name,
		given: f.mfaCode(a.host) != "", stored: a.storedDevice, sessions: a.keptSessions(chain, settings),
	}
	if chain.Source.Kind == profile.Keyring {
		entry, _ := a.storedEntry(chain.Source.Profile)
		e.account = entry.AccountID
	}
	e.findSections()
	shown := &explanation{chain: chain, how: how, warnings: config.LintsOf(chain), steps: e.steps()}
	if shown.configured, err = config.Configured(request); err != nil && f.fromJSON == "" {
		return nil, err
	}
	shown.configured = slices.DeleteFunc(shown.configured, e.idle)
	shown.settings = e.chainSettings(shown.configured, f)
	shown.address = chain.STS.STSCalls()
	return shown, nil
}

func (e *explainer) findSections() {
	for _, name := range e.chain.Profiles() {
		if section, err := e.config.Profile(name); err == nil {
			e.sections = append(e.sections, section)
		}
	}
}

// own is a setting of a profile, with its line.
func (e *explainer) own(profileName, key string) profile.Value {
	for _, section := range e.sections {
		if section.Name == profileName {
			value, _ := section.Get(key)
			return value
		}
	}
	return profile.Value{}
}

// textAt is what a setting says at a line of the chain's profiles.
func (e *explainer) textAt(key string, at fault.Origin) string {
	for _, section := range e.sections {
		if value, ok := section.Get(key); ok && value.Origin == at {
			return value.Text
		}
	}
	return ""
}

// idle tells what the chain as a whole has no use for: an address that it is
// told to ignore, and a name or a device that no call takes, or that is shown
// at the step which has it.
func (e *explainer) idle(c profile.Configured) bool {
	calls := e.chain.Calls
	if e.chain.Source.Role != nil {
		calls = append(slices.Clone(calls), *e.chain.Source.Role)
	}
	switch c.Setting {
	case "endpoint_url":
		return e.chain.STS.URL == "" // all of them are ignored
	case "role_session_name":
		return c.Variable == "" || !slices.ContainsFunc(calls, func(call profile.Call) bool { return call.SessionName == c.Text })
	case "mfa_serial":
		return c.Variable == "" || !slices.ContainsFunc(calls, func(call profile.Call) bool {
			return call.Device != nil && call.Device.Serial == c.Text
		})
	}
	return false
}

// chainSettings are the settings of the chain as a whole.
func (e *explainer) chainSettings(configured []profile.Configured, f *credentialFlags) []shownSetting {
	var shown []shownSetting
	if f.region != "" && !slices.ContainsFunc(configured, func(c profile.Configured) bool { return c.Setting == "region" }) {
		shown = append(shown, shownSetting{name: "region", text: e.chain.Region, by: "--region"})
	}
	for _, c := range configured {
		s := shownSetting{name: c.Setting, text: c.Own.Text, origin: c.Own.Origin}
		switch {
		case c.Setting == "region" && f.region != "":
			s.by, s.origin = "--region", fault.Origin{}
		case c.Variable != "":
			s.text, s.by, s.origin = c.Text, c.Variable, fault.Origin{}
		}
		if c.Setting == "region" {
			s.text = e.chain.Region // which a FIPS pseudo-region is not
		}
		shown = append(shown, s)
	}
	shown = append(shown, e.guards()...)
	return withoutEmpty(shown)
}

// guards are what must hold before the credentials leave the tool.
func (e *explainer) guards() []shownSetting {
	guards := []shownSetting{
		{name: "expect_account", text: e.chain.ExpectAccount},
		{name: "agents", text: e.chain.Agents},
		{name: "session_token", text: e.textAt("session_token", e.chain.Settings["session_token"])},
	}
	if e.chain.Confirm {
		guards = append(guards, shownSetting{name: "confirm", text: "true"})
	}
	for i, g := range guards {
		guards[i].origin = e.chain.Settings[g.name]
	}
	return guards
}
