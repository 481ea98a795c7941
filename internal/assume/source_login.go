package assume

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/login"
	"assume-role/internal/profile"
)

// loginSession is a session of `aws login`. Its credentials are not kept here:
// the AWS CLI's own file is their cache.
func loginSession() source {
	return source{kind: profile.Login, identity: loginIdentity, credentials: signedIn}
}

// loginIdentity is who signed in, and in which of the AWS CLI's caches. A new
// sign-in of the same identity goes on with the sessions of the last one.
func loginIdentity(w *walk) map[string]any {
	return map[string]any{"login_session": w.chain.Source.Settings["login_session"].Text, "folder": w.LoginCache}
}

// signedIn gets the credentials, and those that have not ended yet where they
// cannot be refreshed.
func signedIn(ctx context.Context, w *walk) (creds.Credentials, error) {
	watched, seen := observe(ctx)
	need := w.loginNeed()
	c, err := w.session().Credentials(watched, need)
	if err == nil {
		return c, nil
	}
	why := w.signInFailed(*seen, err)
	if !c.Complete() || need.TTL > 0 && !errors.As(err, new(*bearer.Unreachable)) {
		return creds.Credentials{}, why
	}
	w.Note(fmt.Sprintf("profile %q: %s: using the session's credentials, which end in %s",
		w.chain.Source.Profile, why.Message, c.Expiration.Sub(w.Now()).Round(time.Second)))
	return c, nil
}

// loginNeed is what the credentials must have left. Where a role is assumed
// with them, what was asked for is the role's matter.
func (w *walk) loginNeed() login.Need {
	need := login.Need{Refresh: w.Policy.Refresh}
	if w.Policy.Explicit && len(w.chain.Calls) == 0 {
		need.TTL = w.Policy.MinTTL
	}
	return need
}

func (w *walk) session() *login.Session { return w.LoginSession(&w.chain.Source) }

// signInFailed makes the one error of a session that could not be had.
func (w *walk) signInFailed(seen observed, err error) *fault.Error {
	s := w.chain.Source
	at := s.Settings["login_session"].Origin
	var out *bearer.Unreachable
	var refusal *bearer.Refusal
	var told *fault.Error
	switch {
	case errors.As(err, &out):
		return w.signInUnreachable(seen, out).At(at)
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest && seen.skew().Abs() > maxSkew:
		return fault.New("", "login_session: AWS Sign-In refused to refresh the session").In(s.Profile).At(at).
			Fix("%s", setClock(&failure{seen: seen})).Because(err)
	case errors.As(err, &told):
		return told.In(s.Profile).At(at)
	}
	return fault.New("", "login_session: the session could not be refreshed").In(s.Profile).At(at).
		Fix("see --debug for details").Because(err)
}

// signInUnreachable tells why nothing came back, and that the refresh token
// may be used up where the request may have arrived.
func (w *walk) signInUnreachable(seen observed, out *bearer.Unreachable) *fault.Error {
	s := w.chain.Source
	told := w.unanswered("refreshing the session of login_session", s.Endpoints["signin"], seen, out)
	if login.Spent(out) {
		told = told.Fix("try again; if AWS refuses that, the answer had the session's only refresh token, and you need to sign in again with: %s", profile.LoginCommand(s.Profile))
	}
	return told
}
