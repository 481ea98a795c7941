package assume

import (
	"context"
	"errors"

	"assume-role/internal/bearer"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// singleSignOn is a role of IAM Identity Center. Its session lasts as long as
// the permission set says, an hour and more, and is kept.
func singleSignOn() source {
	return source{kind: profile.SSO, identity: ssoIdentity, session: ssoSession, kept: true}
}

// ssoIdentity is the role, the portal and the sign-in there. That is read from
// the AWS CLI's file, because nothing else tells one person from the next, and
// whoever signed out has no session left here.
func ssoIdentity(w *walk) map[string]any {
	s := w.chain.Source
	m := map[string]any{"kind": s.Kind, "endpoint": s.Endpoints["sso"].URL, "sign_in": w.ssoSignIn().SignInID()}
	for _, name := range []string{"sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name"} {
		m[name] = s.Settings[name].Text
	}
	return m
}

// ssoSession gets the role's credentials.
func ssoSession(ctx context.Context, w *walk) (cache.Entry, error) {
	s := w.chain.Source
	watched, seen := observe(ctx)
	role := sso.Role{Account: s.Settings["sso_account_id"].Text, Name: s.Settings["sso_role_name"].Text}
	c, err := w.ssoSignIn().RoleCredentials(watched, role)
	if err != nil {
		return cache.Entry{}, w.ssoFailed(ctx, *seen, err)
	}
	return cache.Entry{Profile: s.Profile, Kind: string(s.Kind), Credentials: c, Minted: w.Now(), Skew: seen.skew()}, nil
}

func (w *walk) ssoSignIn() *sso.Session { return w.SSO(&w.chain.Source) }

// SSO is the sign-in at IAM Identity Center that a source of the kind SSO
// names, with the connections and the clock of the Assumer.
func (a *Assumer) SSO(s *profile.Source) *sso.Session {
	name := s.Profile
	if name == "" {
		name = s.Settings["sso_session"].Text
	}
	session := &sso.Session{
		Profile: s.Profile, Origins: map[string]fault.Origin{}, Name: s.Settings["sso_session"].Text,
		StartURL: s.Settings["sso_start_url"].Text, Region: s.Settings["sso_region"].Text, Scopes: s.Settings["sso_registration_scopes"].Text,
		Folder: a.SSOCache, Locks: a.Locks, Trusted: a.Trusted, Portal: s.Endpoints["sso"].URL, OIDC: s.Endpoints["sso_oidc"].URL,
		SignIn: profile.SSOLoginCommand(name), Now: a.Now, Note: a.Note, Debug: a.Debug,
		Client: func() (*bearer.Client, error) { return a.BearerClient(s.Endpoints["sso"]) },
	}
	for name, setting := range s.Settings {
		session.Origins[name] = setting.Origin
	}
	return session
}

// ssoFailed makes the one error of credentials that could not be had.
func (w *walk) ssoFailed(ctx context.Context, seen observed, err error) error {
	return w.ssoFault(ctx, &w.chain.Source, ssoAttempt{"getting the role's credentials from Identity Center", "the role's credentials could not be had from Identity Center", seen}, err)
}

// ssoAttempt is what was wanted of Identity Center.
type ssoAttempt struct {
	// what it was, for a sentence that says why it failed, and failed where
	// nothing is known but that.
	what, failed string
	seen         observed
}

// ssoFault makes the one error of an attempt.
func (a *Assumer) ssoFault(ctx context.Context, s *profile.Source, try ssoAttempt, err error) error {
	var out *bearer.Unreachable
	var told *fault.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fault.ErrInterrupted
	case errors.As(err, &out):
		w := walk{Assumer: a, chain: &profile.Chain{Source: *s}}
		return w.unanswered(try.what, s.Endpoints["sso"], try.seen, out)
	case errors.As(err, &told):
		return told.In(s.Profile)
	}
	return fault.New("", "%s", try.failed).In(s.Profile).At(s.Origin).Fix("see --debug for details").Because(err)
}
