package assume

import (
	"context"
	"errors"
	"fmt"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/program"
	"assume-role/internal/query"
)

// samlLimits leave a person the time to sign in at the identity provider.
func samlLimits() program.Limits { return program.Limits{Time: 5 * time.Minute, Bytes: 1 << 20} }

// saml is a role that is assumed with a SAML assertion, which a program
// prints. The session is kept, since making one may cost a person's sign-in;
// the assertion never is.
func saml() source {
	return source{kind: profile.SAML, identity: samlIdentity, session: samlSession, kept: true}
}

// samlIdentity is the program and all that shapes the call. A role that the
// assertion or a person chooses is not known yet: that session is the
// profile's own.
func samlIdentity(w *walk) map[string]any {
	s := w.chain.Source
	m := shape(s.Role, "", w.chain.STS, "")
	m["program"] = w.lineIdentity(s.Settings["saml_process"].Text)
	m["role"], m["provider"] = s.Role.RoleARN, s.Settings["saml_principal_arn"].Text
	if s.Role.RoleARN == "" {
		m["profile"] = s.Profile
	}
	return m
}

// samlSession runs the program and sends what it prints, for the role that
// the profile names or that is chosen from it.
func samlSession(ctx context.Context, w *walk) (cache.Entry, error) {
	if err := w.mayCarrySecrets(ctx); err != nil {
		return cache.Entry{}, err
	}
	a, err := w.assertion(ctx)
	if err != nil {
		return cache.Entry{}, err
	}
	pair, err := w.rolePair(ctx, a)
	if err != nil {
		return cache.Entry{}, err
	}
	call := *w.chain.Source.Role
	call.RoleARN = pair.Role
	e, err := w.unsigned(ctx, "AssumeRoleWithSAML", &call, a.text, func(ctx context.Context, c query.Client) (creds.Credentials, error) {
		return sendAssumeRoleWithSAML(ctx, c, parameters{call: &call}, pair.Provider, a.text)
	})
	if err == nil {
		w.noteCut(&call, e)
	}
	return e, err
}

// assertion runs the program.
func (w *walk) assertion(ctx context.Context) (assertion, error) {
	s := w.chain.Source
	text, err := w.runWithin(ctx, s.Settings["saml_process"].Text, samlLimits())
	if errors.Is(ctx.Err(), context.Canceled) {
		return assertion{}, fault.ErrInterrupted
	}
	a, why := readAssertion(text)
	if err != nil {
		why = "failed: " + err.Error()
	}
	if why != "" {
		return assertion{}, samlProcessFailed(s, why)
	}
	return a, nil
}

func samlProcessFailed(s profile.Source, why string) error {
	return fault.New("", "saml_process %s", why).In(s.Profile).At(s.Origin).
		Fix("run it by hand: it must print the SAML response in base64, as the identity provider posts it, and exit with 0")
}

// noteCut says that the session ends before what was asked for, as the
// assertion's SessionNotOnOrAfter can have it.
func (w *walk) noteCut(call *profile.Call, e cache.Entry) {
	got := e.Credentials.Expiration.Sub(w.Now().Add(e.Skew))
	if call.DurationGiven && got < call.Duration-time.Minute {
		w.Note(fmt.Sprintf("profile %q: the identity provider ends the session after %s (SessionNotOnOrAfter), before the --duration of %s",
			call.Profile, got.Round(time.Second), call.Duration))
	}
}
