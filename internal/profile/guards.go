package profile

// addGuards fills in what must hold before the credentials leave the tool.
// They are the asked-for profile's alone: a role's ARN has none, nor has a JSON
// document, and what a source says about itself is not about the roles assumed
// from it.
func (r *resolver) addGuards(chain *Chain, way *route) error {
	own := way.asked
	if isARN(r.req.Profile) || r.req.FromJSON != nil {
		own = member{}
	}
	if err := r.addExpectedAccount(chain, own); err != nil {
		return err
	}
	confirm, agents := own.get("confirm"), own.get("agents")
	var err error
	if chain.Confirm, err = parseBool(confirm); err != nil {
		return err
	}
	if agents.isSet() {
		if err := checkChoice(agents, "allow", "read-only", "deny"); err != nil {
			return err
		}
	}
	chain.Agents = agents.Text
	chain.record(confirm, agents)
	return nil
}

// addExpectedAccount takes the flag's account and the profile's, which cannot
// be two: no flag loosens what a profile says of itself. With --role-arn the
// result is another role's, so the profile's does not hold.
func (r *resolver) addExpectedAccount(chain *Chain, own member) error {
	g := own.get("expect_account")
	if r.req.RoleARN != "" {
		g = given{}
	}
	flag := r.flag("--expect-account", r.req.Overrides.ExpectAccount)
	if flag.isSet() && g.isSet() && flag.Text != g.Text {
		return flag.invalid("is %s, and the profile's expect_account is %s (%s)", flag.Text, g.Text, g.Origin).
			Fix("name a profile of the account that is meant")
	}
	if g = firstSet(flag, g); !g.isSet() {
		return nil
	}
	chain.ExpectAccount = g.Text
	chain.record(g)
	return checkAccount(g)
}

// record keeps where the chain's own settings were read.
func (c *Chain) record(all ...given) { addOrigins(c.Settings, all) }
