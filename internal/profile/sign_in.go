package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// SignIn is what a sign-in of the kind of `aws login` has to know of a
// profile, which need not exist yet.
type SignIn struct {
	// Source is the profile as a source of the kind Login. Its login_session
	// has no Text where nobody has signed in for it.
	Source Source
	// Region is where to sign in; empty when nothing says so. Source.Endpoints
	// are then those of the commercial partition's default region.
	Region string
	// Regionless says that the profile has no region of its own. Sessions are
	// refreshed in the profile's region, so it needs one.
	Regionless bool
}

// PlanSignIn reads what Request.Profile, Overrides.Region and the environment
// say of a sign-in. It refuses a profile that gets its credentials in another
// way, as the AWS CLI does
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
func PlanSignIn(cfg *Config, req Request) (*SignIn, error) {
	r := newResolver(cfg, req)
	asked := member{name: req.Profile}
	if cfg.Has(req.Profile) {
		var err error
		if asked, err = r.member(req.Profile); err != nil {
			return nil, err
		}
	}
	if err := runAll(func() error { return r.onlySignsIn(asked) }, func() error { return r.oneRegion(asked) }); err != nil {
		return nil, err
	}
	session := asked.get("login_session")
	source := Source{Kind: Login, Profile: req.Profile, Origin: session.Origin, Settings: map[string]Value{"login_session": session.Value}}
	way := &route{source: source, base: asked, asked: asked}
	chain := &Chain{Profile: req.Profile, Source: source, Settings: map[string]fault.Origin{}}
	for _, fill := range []func(*Chain, *route) error{r.addEndpoint, r.addServices} {
		if err := fill(chain, way); err != nil {
			return nil, err
		}
	}
	return &SignIn{Source: chain.Source, Region: chain.Region, Regionless: !asked.has("region")}, nil
}

// onlySignsIn refuses a profile whose credentials come from elsewhere. Where it
// has a login_session, that may stand beside what the SDKs put behind it, and
// beside a role that is assumed from it.
func (r *resolver) onlySignsIn(m member) error {
	sign := r.otherSource(m)
	if !sign.isSet() {
		return nil
	}
	return fault.New(fault.TwoSources, "its credentials come from %s, not from `aws login`", sign.name).In(m.name).At(sign.Origin).
		Fix("name another profile; `assume-role console %s` opens the AWS console, `assume-role sso login %s` signs in to IAM Identity Center", quoted(m.name), quoted(m.name))
}

// otherSource is what makes a profile one of another kind; not set where
// nothing does.
func (r *resolver) otherSource(m member) given {
	for _, rule := range rulesFor(m) {
		switch sign := rule.sign(r, m); {
		case !sign.isSet():
		case sign.name == "login_session":
			return given{}
		default:
			return sign
		}
	}
	return m.anyOf("role_arn", "source_profile")
}

// oneRegion refuses a flag that says another region than the profile, where
// the session would be refreshed.
func (r *resolver) oneRegion(m member) error {
	own, flag := m.get("region"), strings.TrimSpace(r.req.Overrides.Region)
	if !own.isSet() || flag == "" || flag == own.Text {
		return nil
	}
	return own.invalid("is %s, where the session would be refreshed, and --region says %s", own.Text, flag).
		Fix("leave out --region, or change the profile")
}
