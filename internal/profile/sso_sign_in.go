package profile

import (
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
)

// PlanSSOSignIn says how to sign in at IAM Identity Center for a profile or an
// [sso-session] section; a profile comes first. The profile needs no account
// and no role of its own, and may get its credentials through others. Of the
// request only what shapes endpoints counts.
func PlanSSOSignIn(cfg *Config, req Request, name string) (*Source, error) {
	section, isSession := cfg.SSOSession(name)
	req.Profile = name
	r := newResolver(cfg, req)
	if r.exists(name) {
		source, err := r.signInOfProfile(name)
		if err == nil || !isSession {
			return source, err
		}
	}
	if isSession {
		return r.signInOf(member{section: section}, map[string]Value{"sso_session": {Text: name, Origin: section.Origin}})
	}
	return nil, r.noSignIn(name)
}

// PlanSSOPortal says how to reach a portal that no section needs to know: one
// that a token was made for.
func PlanSSOPortal(cfg *Config, req Request, startURL, region string) (*Source, error) {
	req.Profile = ""
	return newResolver(cfg, req).signInOf(member{}, map[string]Value{"sso_start_url": {Text: startURL}, "sso_region": {Text: region}})
}

// signInOfProfile is the sign-in that a profile's chain begins with, or that
// its own settings describe.
func (r *resolver) signInOfProfile(name string) (*Source, error) {
	chain, err := Resolve(r.cfg, r.req)
	if err == nil && chain.Source.Kind == SSO {
		return &chain.Source, nil
	}
	m, failed := r.member(name)
	switch {
	case failed != nil:
		return nil, failed
	case m.anyOf("sso_session", "sso_start_url").isSet():
		return r.signInOf(m, m.collect("sso_session", "sso_start_url", "sso_region"))
	case err != nil:
		return nil, err
	}
	return nil, fault.New(fault.InvalidValue, "its credentials do not come from IAM Identity Center").In(name).At(chain.Source.Origin).
		Fix("name a profile with sso_session, or an sso-session")
}

// signInOf plans a sign-in with what is set so far.
func (r *resolver) signInOf(m member, settings map[string]Value) (*Source, error) {
	r.req.Profile = m.name
	name := given{Value: settings["sso_session"], name: "sso_session", profile: m.name}
	if err := r.addNamedSession(m, name, settings); err != nil {
		return nil, err
	}
	if err := completeSignIn(m, settings); err != nil {
		return nil, err
	}
	chain := &Chain{Source: Source{Kind: SSO, Profile: m.name, Origin: m.origin(), Settings: settings}, Settings: map[string]fault.Origin{}}
	asked := m
	if m.name == "" {
		asked = member{} // a session's section has no settings of endpoints
	}
	way := &route{source: chain.Source, base: asked, asked: asked}
	for _, fill := range []func(*Chain, *route) error{r.addEndpoint, r.addServices} {
		if err := fill(chain, way); err != nil {
			return nil, err
		}
	}
	return &chain.Source, nil
}

// completeSignIn wants a portal and its region.
func completeSignIn(m member, settings map[string]Value) error {
	var missing []string
	for _, key := range []string{"sso_start_url", "sso_region"} {
		if settings[key].Text == "" {
			missing = append(missing, key)
		}
	}
	if missing != nil {
		err := fault.New(fault.SSOIncomplete, "a sign-in at IAM Identity Center needs %s", strings.Join(missing, " and ")).In(m.name)
		for _, key := range []string{"sso_session", "sso_start_url", "sso_region"} {
			err = err.At(settings[key].Origin)
		}
		return err.Fix("add what is missing")
	}
	return checkRegion(given{Value: settings["sso_region"], name: "sso_region", profile: m.name})
}

// noSignIn is the error for a name that neither a profile nor a session has.
func (r *resolver) noSignIn(name string) error {
	if hint := nearest.Hint(r.cfg.SSOSessions(), name, ""); hint != "" {
		return fault.New(fault.SSOSessionNotFound, "there is neither a profile nor an sso-session %q", name).Fix("%s", hint)
	}
	_, err := r.cfg.Profile(name)
	return err
}
