package profile

import (
	"slices"
	"time"
)

// Administrator returns the plan for the credentials that may change IAM on
// behalf of what call n of the chain, counted from 0, assumes: the calls before
// n. The number of calls stands for the end of the chain itself.
//
// IAM refuses the sessions of GetFederationToken, and those of GetSessionToken
// that were made without MFA
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html).
// In their place come the long-lived keys, or, where the chain has an MFA
// device, the session that every other run on these keys makes with its code:
// one code serves them both. Where the keys' profile has no duration of its
// own, tokenDuration is what that session asks for; 0 means the default.
//
// What guards the hand-over of the chain's own credentials (ExpectAccount,
// Confirm, Agents), a child's settings and the notes do not carry over.
func (c *Chain) Administrator(n int, tokenDuration time.Duration) *Chain {
	admin := &Chain{
		Profile: c.Source.Profile, Region: c.Region, Source: c.Source, Calls: slices.Clone(c.Calls[:n]),
		STS: c.STS, Services: c.Services, Device: c.Device, Settings: c.Settings, ownDuration: c.ownDuration,
	}
	if c.Source.isUsers() && !slices.ContainsFunc(admin.Calls, mayChangeIAM) {
		admin.Calls = c.usersCalls(tokenDuration)
	}
	if last := len(admin.Calls) - 1; last >= 0 {
		admin.Profile = admin.Calls[last].Profile
	}
	return admin
}

// mayChangeIAM reports whether IAM takes the session that a call makes.
func mayChangeIAM(call Call) bool { return call.Kind == AssumeRole || call.Device != nil }

// usersCalls are the calls between an IAM user's keys and credentials of that
// user which IAM takes: none, or the one that presents the device. Root's
// device is presented nowhere.
func (c *Chain) usersCalls(tokenDuration time.Duration) []Call {
	if c.Device == nil || c.Device.OfRoot() {
		return nil
	}
	call := Call{
		Kind: SessionToken, Profile: c.Source.Profile, Conditional: c.Source.strength() == unseen,
		Duration: c.ownDuration, Device: c.Device, Settings: originsOf(),
	}
	for _, d := range []time.Duration{tokenDuration, defaultTokenDuration} {
		if call.Duration == 0 {
			call.Duration = d
		}
	}
	call.record(given{Value: Value{Text: c.Device.Serial, Origin: c.Device.Origin}, name: "mfa_serial"})
	return []Call{call}
}

// keepKeys keeps what Administrator needs to know of the chain's keys.
func (p *planner) keepKeys() error {
	p.chain.Device = p.device
	own := p.ownKeys().get("duration_seconds")
	if !own.isSet() {
		return nil
	}
	if d, err := parseSeconds(own); err == nil && checkDuration(own, d, longestToken) == nil {
		p.chain.ownDuration = d
	}
	return nil
}
