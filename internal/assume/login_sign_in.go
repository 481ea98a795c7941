package assume

import (
	"context"
	"errors"
	"net/http"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

// LoginSession is the session that a source of the kind Login names, with the
// connections and the clock of the Assumer. Only LoginCache, Locks, Trusted,
// Proxy, UserAgent, Now, Note and Debug of the Options count for it.
func (a *Assumer) LoginSession(s *profile.Source) *login.Session {
	identity, endpoint := s.Settings["login_session"], s.Endpoints["signin"]
	return &login.Session{
		Profile: s.Profile, Origin: identity.Origin, Identity: identity.Text, Account: profile.AccountOf(identity.Text),
		Folder: a.LoginCache, Locks: a.Locks, Endpoint: endpoint.URL, SignIn: profile.LoginCommand(s.Profile),
		Client: func() (*bearer.Client, error) { return a.BearerClient(endpoint) }, Now: a.Now, Note: a.Note,
	}
}

// SignInLogin signs a person in for a source of the kind Login, whoever they
// turn out to be. Nothing is kept yet. Errors are *fault.Error or
// fault.ErrInterrupted.
func (a *Assumer) SignInLogin(ctx context.Context, s *profile.Source, person login.Person) (*login.Grant, error) {
	identity, endpoint := s.Settings["login_session"], s.Endpoints["signin"]
	if err := bearer.Check(ctx, endpoint.URL, a.Trusted); err != nil {
		return nil, a.loginFault(ctx, s, observed{}, err)
	}
	watched, seen := observe(ctx)
	signIn := login.SignIn{
		Person: person, Profile: s.Profile, Origin: identity.Origin, Endpoint: endpoint.URL, Command: profile.LoginCommand(s.Profile),
		Client: func() (*bearer.Client, error) { return a.BearerClient(endpoint) }, Now: a.Now,
	}
	grant, err := signIn.Grant(watched)
	if err != nil {
		return nil, a.loginFault(ctx, s, *seen, err)
	}
	return grant, nil
}

// RenewLogin signs a person in to the session that a source names, and keeps
// it: where many processes want to, one does. Who signs in as somebody else is
// told so, and changes nothing.
func (a *Assumer) RenewLogin(ctx context.Context, s *profile.Source, person login.Person) error {
	session := a.LoginSession(s)
	err := session.Once(ctx, func() error {
		grant, err := a.SignInLogin(ctx, s, person)
		if err != nil {
			return err
		}
		if err := session.Keep(ctx, grant); !errors.Is(err, login.ErrOther) {
			return err
		}
		return fault.New("", "login_session: the sign-in is of %s, and the profile's is %s", grant.Identity, session.Identity).
			In(s.Profile).At(session.Origin).Fix("choose that one in the browser, or give the profile the other with: %s", session.SignIn)
	})
	if err != nil {
		return a.loginFault(ctx, s, observed{}, err)
	}
	return nil
}

// loginFault makes the one error of a sign-in.
func (a *Assumer) loginFault(ctx context.Context, s *profile.Source, seen observed, err error) error {
	at := s.Settings["login_session"].Origin
	var out *bearer.Unreachable
	var refusal *bearer.Refusal
	var told *fault.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, fault.ErrInterrupted):
		return fault.ErrInterrupted
	case errors.As(err, &out):
		w := walk{Assumer: a, chain: &profile.Chain{Source: *s}}
		return w.unanswered("the sign-in", s.Endpoints["signin"], seen, out).At(at)
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest && seen.skew().Abs() > maxSkew:
		return fault.New("", "AWS Sign-In refused the sign-in").In(s.Profile).At(at).
			Fix("%s", setClock(&failure{seen: seen})).Because(err)
	case errors.As(err, &told):
		return told.In(s.Profile).At(at)
	}
	return fault.New("", "the sign-in failed").In(s.Profile).At(at).Fix("see --debug for details").Because(err)
}
