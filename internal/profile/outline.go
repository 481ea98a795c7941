package profile

import "slices"

// Outline is what a list says of a profile: what its chain makes of it, and
// where the chain's first credentials come from.
type Outline struct {
	// Kind is AssumeRole where the chain assumes a role, else Source.
	Kind, Source Kind
}

func (c *Chain) outline() Outline {
	if slices.ContainsFunc(c.Calls, func(call Call) bool { return call.Kind == AssumeRole }) {
		return Outline{Kind: AssumeRole, Source: c.Source.Kind}
	}
	return Outline{Kind: c.Source.Kind, Source: c.Source.Kind}
}

// Outliner outlines the chains of many profiles, with Resolve's errors. Most
// of ten thousand differ in a role's ARN or in an account: it resolves the
// first of those that are alike, and answers the same for the others. It is
// for one goroutine.
type Outliner struct {
	cfg  *Config
	req  Request
	seen map[likeness]Outline
}

// NewOutliner makes an Outliner for the profiles that a request could name.
func NewOutliner(cfg *Config, req Request) *Outliner {
	return &Outliner{cfg: cfg, req: req, seen: map[likeness]Outline{}}
}

// Outline answers for one profile as Resolve does, and notes nothing.
func (o *Outliner) Outline(name string) (Outline, error) {
	likeness, comparable := o.likeness(name)
	if outline, ok := o.seen[likeness]; ok && comparable {
		return outline, nil
	}
	o.req.Profile = name
	chain, _, err := newResolver(o.cfg, o.req).plan()
	if err != nil {
		return Outline{}, err
	}
	outline := chain.outline()
	if comparable {
		o.seen[likeness] = outline
	}
	return outline, nil
}

// likeness is all that tells one plain profile from another. Where two are the
// same in it, the chain of both is right or that of neither; one's chain cannot
// lead through the other, since that would lead back to their source.
type likeness struct {
	// partition is that of role_arn. Which account and which role of it are
	// meant makes no difference to settings that are plain.
	partition string
	// account says that there is an sso_account_id.
	account bool

	source, region, output, serial, sessionName, externalID, duration string
	ssoSession, ssoRole, ssoStart, ssoRegion                          string
}

// likeness compares a profile that has a section with plain settings, and no
// name that counts: a role's ARN, one with a key in the key store, or its own
// source.
func (o *Outliner) likeness(name string) (l likeness, ok bool) {
	_, stored := (&resolver{req: o.req}).stored(name)
	if stored || isARN(name) || o.runsInside() {
		return l, false
	}
	p, err := o.cfg.Profile(name)
	if err != nil {
		return l, false
	}
	for key, s := range p.settings {
		if !l.add(key, s.Text) {
			return l, false
		}
	}
	return l, l.source != name
}

// runsInside reports whether another run resolves a profile by means of this
// one: then its name counts.
func (o *Outliner) runsInside() bool {
	return o.req.Env != nil && o.req.Env(VariableResolving) != ""
}

// add takes a setting into account; it reports whether the setting is plain.
func (l *likeness) add(key, text string) bool {
	switch key {
	case "role_arn":
		l.partition = partitionOfARN(text)
		return checkRoleARN(given{Value: Value{Text: text}}) == nil
	case "sso_account_id":
		l.account = true
		return isAccount(text)
	}
	field := l.field(key)
	if field != nil {
		*field = text
	}
	return field != nil
}

// field is where a setting that counts as it stands is kept; nil for one that
// is not plain.
func (l *likeness) field(key string) *string {
	switch key {
	case "source_profile":
		return &l.source
	case "region":
		return &l.region
	case "output":
		return &l.output
	case "mfa_serial":
		return &l.serial
	case "role_session_name":
		return &l.sessionName
	case "external_id":
		return &l.externalID
	case "duration_seconds":
		return &l.duration
	case "sso_session":
		return &l.ssoSession
	case "sso_role_name":
		return &l.ssoRole
	case "sso_start_url":
		return &l.ssoStart
	case "sso_region":
		return &l.ssoRegion
	}
	return nil
}
