package assume

import (
	"context"
	"errors"

	"assume-role/internal/bearer"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// mayCarrySecrets refuses an endpoint that must not have the secret of an
// unsigned call, before anybody is asked for the secret.
func (w *walk) mayCarrySecrets(ctx context.Context) error {
	err := bearer.Check(ctx, w.chain.STS.URL, w.Trusted)
	var no *fault.Error
	if role := w.chain.Source.Role; errors.As(err, &no) {
		return inProfile(*no.At(role.Settings["role_arn"]), role.Profile)
	}
	return err
}

// unsigned makes the call of a source that needs no credentials: it carries
// a secret of the identity provider's in place of a signature. Keys that
// happen to be in the environment take no part in it.
func (w *walk) unsigned(ctx context.Context, name string, call *profile.Call, secret creds.Secret, do func(context.Context, query.Client) (creds.Credentials, error)) (cache.Entry, error) {
	var session creds.Credentials
	op := operation{name: name, call: call, source: &w.chain.Source, unsigned: true, bearer: secret}
	skew, err := w.invoke(ctx, w.chain.STS, op, func(ctx context.Context, c query.Client) (err error) {
		session, err = do(ctx, c)
		return err
	})
	if err != nil {
		return cache.Entry{}, err
	}
	return w.entry(call, cache.Entry{}, session, skew), nil
}
