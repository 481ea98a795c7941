package profile

import (
	"strconv"
	"time"

	"assume-role/internal/fault"
)

// shaper fills in what shapes one call: from the flags, where they are for
// this call, else from a profile's settings.
type shaper struct {
	*resolver
	from member
	call *Call
	// flags are empty for a call that they are not for.
	flags Overrides
	// owner is whose session the call makes.
	owner owner
}

// shaper returns the shaper of one call; the flags are for the last one.
func (p *planner) shaper(from member, call *Call, last bool) *shaper {
	s := &shaper{resolver: p.resolver, from: from, call: call, owner: p.ownerOf(call)}
	if last {
		s.flags = p.req.Overrides
	}
	return s
}

// ownerOf is the role's account, its identity provider's, or the keys'.
func (p *planner) ownerOf(call *Call) owner {
	names := call.RoleARN
	if names == "" && call.Kind == SAML {
		names = p.source.Settings["saml_principal_arn"].Text
	}
	if a, ok := parseARN(names); ok {
		return owner{a.partition, a.account}
	}
	return owner{p.chain.STS.Partition, p.source.Keys.AccountID}
}

// record keeps where the call's settings were read.
func (c *Call) record(all ...given) { addOrigins(c.Settings, all) }

// pick returns the flag, else the profile's setting.
func (s *shaper) pick(flag, text, key string) given {
	g := firstSet(s.flag(flag, text), s.from.get(key))
	s.call.record(g)
	return g
}

// store puts a setting into its parameter and checks it.
func store(to *string, g given, check func(given) error) error {
	*to = g.Text
	if !g.isSet() {
		return nil
	}
	return check(g)
}

func (s *shaper) sessionName() error {
	g := s.pick("--session-name", s.flags.SessionName, "role_session_name")
	if !g.isSet() {
		g = s.inheritedName()
	}
	return store(&s.call.SessionName, g, checkSessionName)
}

// inheritedName is the session name that a variable gives. The variable may
// be a left-over of somebody's web identity: one that STS would refuse is
// passed over, and the name is generated.
func (s *shaper) inheritedName() given {
	g := s.eitherVariable("AWS_ROLE_SESSION_NAME", "AWS_IAM_ROLE_SESSION_NAME")
	if g.isSet() && checkSessionName(g) != nil {
		s.note(s.call.Profile, g.name+" is no name that STS takes for a session, and is passed over")
		return given{}
	}
	return g
}

func (s *shaper) externalID() error {
	return store(&s.call.ExternalID, s.pick("--external-id", s.flags.ExternalID, "external_id"), checkExternalID)
}

func (s *shaper) sourceIdentity() error {
	return store(&s.call.SourceIdentity, s.pick("--source-identity", s.flags.SourceIdentity, "source_identity"), checkSourceIdentity)
}

func (s *shaper) tags() (err error) {
	if len(s.flags.Tags) > 0 {
		s.call.Tags = s.flags.Tags
		return checkTags(s.flag("--tag", "tags"), s.flags.Tags)
	}
	g := s.from.get("session_tags")
	s.call.record(g)
	s.call.Tags, err = parseTags(g)
	return err
}

func (s *shaper) transitive() error {
	g := s.from.get("transitive_session_tags")
	keys := splitList(g.Text)
	if len(s.flags.TransitiveTagKeys) > 0 {
		g, keys = s.flag("--transitive-tag", "keys"), s.flags.TransitiveTagKeys
	}
	s.call.record(g)
	s.call.TransitiveTagKeys = keys
	return checkTransitive(g, keys, s.call.Tags)
}

// policy reads the session policy: JSON, or the name of a file that holds it.
func (s *shaper) policy() (err error) {
	g := s.pick("--policy", s.flags.Policy, "policy")
	if !g.isSet() {
		return nil
	}
	if g.fromFile() && g.Text[0] != '{' {
		if g, err = s.readPolicy(g); err != nil {
			return err
		}
	}
	s.call.Policy, err = minifyPolicy(g)
	return err
}

func (s *shaper) readPolicy(g given) (given, error) {
	if s.req.ReadFile == nil {
		return g, g.invalid("is not a JSON object").Fix("write the policy document itself")
	}
	data, err := s.req.ReadFile(g.Text)
	if err != nil {
		return g, g.wrong(fault.FileUnreadable, "names a file that cannot be read: %s", g.Text).
			Because(err).Fix("check its path and mode, or write the policy document itself")
	}
	g.Text = string(data)
	return g, nil
}

func (s *shaper) policyARNs() error {
	g, arns := s.from.get("policy_arns"), []string(nil)
	if s.flags.PolicyARNs != nil || s.flags.ManagedPolicies != nil {
		g = s.flag(policyFlag(s.flags), "arns")
		arns = append(arns, s.flags.PolicyARNs...)
		for _, name := range s.flags.ManagedPolicies {
			arns = append(arns, managedPolicyARN(s.owner.partition, name))
		}
	} else {
		arns = splitARNs(g.Text)
	}
	s.call.record(g)
	s.call.PolicyARNs = arns
	return checkPolicyARNs(g, arns, s.owner)
}

// policyFlag names the flags that gave managed policies.
func policyFlag(o Overrides) string {
	if len(o.PolicyARNs) > 0 {
		return "--policy-arn"
	}
	return "--read-only or --view-only"
}

// policySize holds session policies to what STS takes. AssumeRole has taken
// longer ones of late, so there it is only noted.
func (s *shaper) policySize() error {
	n := policyLength(s.call.Policy, s.call.PolicyARNs)
	if n <= maxPolicy {
		return nil
	}
	if s.call.Kind == AssumeRole {
		s.note(s.call.Profile, "its session policies have "+strconv.Itoa(n)+" characters: AWS documents "+strconv.Itoa(maxPolicy)+" at most")
		return nil
	}
	return fault.New(fault.InvalidValue, "the session policies have %d characters", n).In(s.call.Profile).
		At(s.call.Settings["policy"]).Fix("AWS takes %d at most", maxPolicy)
}

// roleDuration settles what a role's call asks for.
func (s *shaper) roleDuration() error {
	own := s.from.get("duration_seconds")
	d, g, err := s.duration(own, defaultRoleDuration, s.req.Defaults.RoleDuration, longestRole)
	s.call.Duration = d
	if err != nil || !s.call.Chained || d <= LongestChained {
		return err
	}
	if g.name == "--duration" {
		return g.invalid("is %s, and a role assumed with a session's credentials gets at most 1 hour", d).Fix("give 1h or less")
	}
	s.call.Duration = LongestChained
	if g.fromFile() {
		s.note(s.call.Profile, g.where()+" is "+g.Text+", and a role assumed with a session's credentials gets at most 1 hour: asking for 3600")
	}
	return nil
}

// tokenDuration settles what GetSessionToken or GetFederationToken asks for.
func (s *shaper) tokenDuration() (err error) {
	own := s.from.get("duration_seconds")
	s.call.Duration, _, err = s.duration(own, defaultTokenDuration, s.req.Defaults.TokenDuration, longestToken)
	return err
}

// duration returns the flag's, the profile's or the tool's duration, and who
// gave it.
func (s *shaper) duration(own given, otherwise, fallback, longest time.Duration) (time.Duration, given, error) {
	if d := s.flags.Duration; d != 0 {
		g := s.flag("--duration", d.String())
		s.call.DurationGiven = true
		return d, g, checkDuration(g, d, longest)
	}
	if own.isSet() {
		s.call.record(own)
		d, err := parseSeconds(own)
		if err == nil {
			err = checkDuration(own, d, longest)
		}
		return d, own, err
	}
	if fallback == 0 {
		fallback = otherwise
	}
	g := s.flag("the default duration", fallback.String())
	return fallback, g, checkDuration(g, fallback, longest)
}

func parseSeconds(g given) (time.Duration, error) {
	n, err := strconv.Atoi(g.Text)
	if err != nil || !isDigits(g.Text) || n > int(longestToken/time.Second)*10 {
		return 0, g.invalid("is %q", g.Text).Fix("write a number of seconds, such as 3600")
	}
	return time.Duration(n) * time.Second, nil
}

func checkDuration(g given, d, longest time.Duration) error {
	if d < shortest || d > longest || d%time.Second != 0 {
		return g.invalid("is %s", g.Text).Fix("AWS takes 15m (900) to %dh (%d), in whole seconds", longest/time.Hour, longest/time.Second)
	}
	return nil
}
