package profile

// What the setting session_token says.
const (
	tokenAlways = "always"
	tokenMFA    = "mfa"
	tokenNever  = "never"
)

// decideToken reads whether a GetSessionToken is wanted: the flag, then the
// profile's own word, the outermost first, then the tool's setting. Keys of
// an endpoint outside AWS get none unless a device or a setting asks for it.
func (p *planner) decideToken() error {
	said, err := p.sessionToken()
	if err != nil {
		return err
	}
	setting := p.flag("session_token", p.req.Defaults.SessionToken)
	switch {
	case p.req.Overrides.NoSessionToken:
		p.token = tokenNever
		return nil
	case said.isSet():
		p.token = said.Text
		p.chain.record(said)
		return nil
	case setting.isSet():
		p.token = setting.Text
		return checkChoice(setting, tokenAlways, tokenMFA, tokenNever)
	}
	elsewhere, err := p.keysEndpointElsewhere(p.route)
	if elsewhere && p.device == nil {
		p.token = tokenNever
	}
	return err
}

// sessionToken returns the profiles' own session_token, each one checked.
func (p *planner) sessionToken() (given, error) {
	var said given
	for _, m := range p.members() {
		g := m.get("session_token")
		if !g.isSet() {
			continue
		}
		if err := checkChoice(g, tokenAlways, tokenMFA, tokenNever); err != nil {
			return given{}, err
		}
		if g.Text == tokenAlways && !p.source.isUsers() {
			return given{}, g.invalid("is always, and the source (%s) has no long-lived keys", p.source.Kind).Fix("remove it")
		}
		said = firstSet(said, g)
	}
	return said, nil
}

// members are the profiles of the route, what was asked for first.
func (w *route) members() []member {
	var all []member
	for i := len(w.roles) - 1; i >= 0; i-- {
		all = append(all, w.roles[i].member)
	}
	if !w.baseIsRole() {
		all = append(all, w.base)
	}
	return all
}
