package profile

import (
	"slices"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// The durations that STS takes.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html.
const (
	shortest     = 15 * time.Minute
	longestRole  = 12 * time.Hour
	longestToken = 36 * time.Hour

	defaultRoleDuration  = time.Hour
	defaultTokenDuration = 8 * time.Hour
)

// LongestChained is what AWS gives a role that is assumed with a session
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html, "role
// chaining").
const LongestChained = time.Hour

// addCalls plans the STS calls between the source and what was asked for.
func (r *resolver) addCalls(chain *Chain, way *route) error {
	p := &planner{resolver: r, route: way, chain: chain}
	return runAll(p.checkFlags, p.checkBase, p.checkLogin, p.shapeSource, p.shapeRoles, p.findDevice, p.keepKeys, p.decideToken, p.addFront, p.checkCode)
}

// planner makes the calls of one route.
type planner struct {
	*resolver
	*route
	chain *Chain
	// device is the chain's MFA device; nil for none.
	device *Device
	// token is what session_token says; empty for the default.
	token string
}

// strength is what is known of a source's credentials before they are seen.
type strength int

const (
	// longLived keys may ask for a session token and present a device.
	longLived strength = iota
	// unseen are credential_process's: its answer decides.
	unseen
	// aSession is temporary, but may be an IAM user's, who has devices.
	aSession
	// aRole is a role's session, which cannot present a device.
	aRole
)

func (s *Source) strength() strength {
	switch s.Kind {
	case Static, Environment:
		if strings.Contains(s.Keys.ARN, ":assumed-role/") {
			return aRole
		}
		if s.Keys.Temporary() {
			return aSession
		}
		return longLived
	case Keyring:
		return longLived
	case Process:
		return unseen
	case Login:
		return s.loginStrength()
	}
	return aRole
}

// isUsers reports whether the source may give an IAM user's long-lived keys.
func (s *Source) isUsers() bool { return s.strength() <= unseen }

// shapeSource fills in the call that a source without credentials makes.
func (p *planner) shapeSource() error {
	call := p.source.Role
	if call == nil {
		return nil
	}
	s := p.shaper(p.base, call, len(p.roles) == 0)
	steps := []func() error{s.policy, s.policyARNs, s.policySize, s.roleDuration}
	if call.Kind == WebIdentity {
		steps = append(steps, s.sessionName)
	}
	return runAll(steps...)
}

// shapeRoles fills in one AssumeRole for each role.
func (p *planner) shapeRoles() error {
	for i, role := range p.roles {
		call := &Call{Kind: AssumeRole, Profile: role.name, RoleARN: role.arn.Text, Settings: originsOf(role.arn)}
		call.Chained = i > 0 || !p.source.isUsers()
		s := p.shaper(role.member, call, i == len(p.roles)-1)
		err := runAll(s.sessionName, s.externalID, s.sourceIdentity, s.tags, s.transitive, s.policy, s.policyARNs, s.policySize, s.roleDuration)
		if err == nil {
			err = p.checkInherited(call)
		}
		if err != nil {
			return err
		}
		p.chain.Calls = append(p.chain.Calls, *call)
	}
	return nil
}

// addFront puts what comes before the roles in front of them, and the
// device's code into the one call that takes it.
func (p *planner) addFront() error {
	if p.req.Overrides.Federate != "" {
		return p.federate()
	}
	if p.wantsToken() {
		return p.addSessionToken()
	}
	if len(p.chain.Calls) > 0 {
		p.present(&p.chain.Calls[0])
	} else if p.source.strength() == longLived {
		p.note(p.source.Profile, "the long-lived keys themselves are handed out, not a session of them")
	}
	return nil
}

// wantsToken decides about a GetSessionToken in front. A role of more than an
// hour cannot be assumed from its session, so the code goes into AssumeRole.
func (p *planner) wantsToken() bool {
	alone := len(p.chain.Calls) == 0
	if !p.source.isUsers() || !alone && p.chain.Calls[0].Duration > LongestChained {
		return false
	}
	switch p.token {
	case tokenNever:
		return false
	case tokenAlways:
		return true
	case tokenMFA:
		return p.device != nil
	}
	return p.device != nil || alone
}

func (p *planner) addSessionToken() error {
	if err := p.refuseRoot("GetSessionToken"); err != nil {
		return err
	}
	call := &Call{Kind: SessionToken, Profile: p.source.Profile, Conditional: p.source.strength() == unseen, Settings: originsOf()}
	p.present(call)
	if err := p.shaper(p.ownKeys(), call, len(p.roles) == 0).tokenDuration(); err != nil {
		return err
	}
	if call.Conditional && len(p.chain.Calls) > 0 {
		p.present(&p.chain.Calls[0])
	}
	p.chain.Calls = slices.Insert(p.chain.Calls, 0, *call)
	return nil
}

// present puts the chain's device, if there is one, into a call.
func (p *planner) present(call *Call) {
	if p.device == nil {
		return
	}
	call.Device = p.device
	call.record(given{Value: Value{Text: p.device.Serial, Origin: p.device.Origin}, name: "mfa_serial"})
}

// federate plans a GetFederationToken instead of everything else.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html.
func (p *planner) federate() error {
	name := p.flag("--federate", p.req.Overrides.Federate)
	switch {
	case !p.source.isUsers():
		return name.invalid("needs an IAM user's long-lived keys, and the source (%s) gives a session", p.source.Kind).Fix("leave it out")
	case len(p.roles) > 0:
		return name.invalid("cannot go with a role: a federated session cannot assume one").Fix("leave it out, or give a profile that has keys only")
	}
	if err := checkFederatedName(name); err != nil {
		return err
	}
	if err := p.refuseRoot("GetFederationToken"); err != nil {
		return err
	}
	call := &Call{Kind: FederationToken, Profile: p.source.Profile, FederatedName: name.Text, Settings: originsOf()}
	s := p.shaper(p.ownKeys(), call, true)
	if err := runAll(s.tags, s.policy, s.policyARNs, s.policySize, s.tokenDuration); err != nil {
		return err
	}
	if p.device != nil && p.device.Origin != (fault.Origin{}) {
		p.note(p.device.Profile, "its mfa_serial is not used: GetFederationToken takes no code")
	}
	if call.Policy == "" && call.PolicyARNs == nil {
		p.note(p.source.Profile, "a federated session without a policy (--policy, --policy-arn, --read-only) may do nothing")
	}
	p.chain.Calls = []Call{*call}
	return nil
}

// ownKeys is the profile whose settings shape a call made with its own keys;
// where its role is part of the chain, or ignored, they are the role's.
func (p *planner) ownKeys() member {
	if p.base.has("role_arn") {
		return member{}
	}
	return p.base
}

// runAll runs the steps up to the first that fails.
func runAll(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
