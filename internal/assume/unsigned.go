package assume

import (
	"context"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
)

// unsigned makes the call of a source that needs no credentials: it carries
// bearer, a secret of the identity provider's, in place of a signature. Keys
// that happen to be in the environment take no part in it.
func (w *walk) unsigned(ctx context.Context, name string, call *profile.Call, bearer creds.Secret, do func(context.Context, *stsClient) (creds.Credentials, error)) (cache.Entry, error) {
	var session creds.Credentials
	op := operation{name: name, call: call, source: &w.chain.Source, unsigned: true, bearer: bearer}
	skew, err := w.invoke(ctx, w.chain.STS, op, func(ctx context.Context, c *stsClient) (err error) {
		session, err = do(ctx, c)
		return err
	})
	if err != nil {
		return cache.Entry{}, err
	}
	return w.entry(call, session, skew), nil
}
