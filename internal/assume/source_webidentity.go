package assume

import (
	"context"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

const webIdentityCall = "AssumeRoleWithWebIdentity"

// webIdentity is a role that is assumed with an OpenID Connect token. The token
// is read anew for every session.
func webIdentity() source {
	return source{kind: profile.WebIdentity, identity: webIdentityShape, session: webIdentitySession, kept: true}
}

// webIdentityShape is what shapes the call, and where its token comes from.
func webIdentityShape(w *walk) map[string]any {
	return shape(w.chain.Source.Role, w.shapingName(), w.chain.STS, cache.Key(w.tokenOrigin()))
}

func webIdentitySession(ctx context.Context, w *walk) (cache.Entry, error) {
	if err := w.mayCarrySecrets(ctx); err != nil {
		return cache.Entry{}, err
	}
	token, err := w.webIdentityToken(ctx)
	if err != nil {
		return cache.Entry{}, err
	}
	p := parameters{call: w.chain.Source.Role, name: w.SessionName()}
	return w.unsigned(ctx, webIdentityCall, p.call, token, func(ctx context.Context, c query.Client) (creds.Credentials, error) {
		return sendAssumeRoleWithWebIdentity(ctx, c, p, token)
	})
}
