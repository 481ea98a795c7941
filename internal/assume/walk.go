package assume

import (
	"context"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// innerTTL is what an inner step's session must have left: it signs one call,
// and what that call returns lives on without it.
const innerTTL = time.Minute

// walk is one way along a chain, from its last call back to its source.
type walk struct {
	*Assumer
	chain  *profile.Chain
	source source
	// keys[n] is the cache key of what the first n calls give; keys[0] stands
	// for the source.
	keys []string
	// name is the name of the sessions that have none of their own.
	name string
}

// start finds out all that can be known before a secret is read or a call is
// made.
func (a *Assumer) start(chain *profile.Chain) (*walk, error) {
	if chain.Source.Unavailable != nil {
		return nil, chain.Source.Unavailable
	}
	w := &walk{Assumer: a, chain: chain, source: sourceOf(chain.Source.Kind), name: a.SessionName()}
	if err := w.source.check(chain.Source); err != nil {
		return nil, err
	}
	w.keys = []string{cache.Key(w.source.identity(chain.Source))}
	for i := range chain.Calls {
		w.keys = append(w.keys, cache.Key(shape(&chain.Calls[i], w.name, chain.STS, w.keys[i])))
	}
	return w, nil
}

// after returns the credentials after the first n calls, and whether they are
// new. refused is the access key id of a cached session that AWS did not
// take, or empty.
func (w *walk) after(ctx context.Context, n int, refused string) (c creds.Credentials, fresh bool, err error) {
	if n == 0 {
		c, err = w.source.credentials(ctx, w)
		return c, true, err
	}
	mint := func(ctx context.Context) (cache.Entry, error) {
		fresh = true
		return w.mint(ctx, n)
	}
	entry, err := w.obtain(ctx, w.request(n, refused), mint)
	if ctx.Err() == context.Canceled {
		return creds.Credentials{}, false, fault.ErrInterrupted
	}
	return entry.Credentials, fresh, err
}

func (w *walk) obtain(ctx context.Context, r cache.Request, mint cache.Mint) (cache.Entry, error) {
	if w.Cache == nil {
		return mint(ctx)
	}
	return w.Cache.Obtain(ctx, r, mint)
}

// request asks the cache for the session of call n. A session that took a
// person's code is kept on --refresh as well.
func (w *walk) request(n int, refused string) cache.Request {
	call := w.chain.Calls[n-1]
	r := cache.Request{Key: w.keys[n], Profile: call.Profile, Policy: w.Policy, Refused: refused, Outermost: n == len(w.chain.Calls)}
	if !r.Outermost {
		r.Policy = cache.Policy{MinTTL: innerTTL, Refresh: w.Policy.Refresh}
	}
	if call.Device != nil {
		r.Policy.Refresh = false
	}
	return r
}

// mint makes call n. Where AWS no longer takes the cached session that signs
// it (it was revoked, or its keys are gone), that is made anew, once.
func (w *walk) mint(ctx context.Context, n int) (cache.Entry, error) {
	signer, fresh, err := w.after(ctx, n-1, "")
	if err != nil {
		return cache.Entry{}, err
	}
	entry, err := w.call(ctx, n, signer)
	if fresh || !signerRefused(err) {
		return entry, err
	}
	w.Debug("the cached session %s is no longer accepted: making it anew", signer.AccessKeyID)
	if signer, _, err = w.after(ctx, n-1, signer.AccessKeyID); err != nil {
		return cache.Entry{}, err
	}
	return w.call(ctx, n, signer)
}

// call makes call n, with a code of its device if it has one.
func (w *walk) call(ctx context.Context, n int, signer creds.Credentials) (cache.Entry, error) {
	call := &w.chain.Calls[n-1]
	kind := kindOf(call.Kind)
	owner, err := w.owner(ctx, call, signer)
	if err != nil {
		return cache.Entry{}, err
	}
	var session creds.Credentials
	var skew time.Duration
	send := func(code creds.Secret) error {
		op := operation{name: kind.name, call: call, source: &w.chain.Source, signer: signer, code: code}
		skew, err = w.invoke(ctx, w.chain.STS, op, func(ctx context.Context, c *stsClient) error {
			session, err = kind.send(ctx, c, parameters{call: call, name: w.name, code: code})
			return err
		})
		return err
	}
	if call.Device == nil {
		err = send("")
	} else {
		err = w.MFA.WithCode(ctx, w.chain.STS, *call.Device, func(code creds.Secret) (bool, error) { return spent(send(code)) })
	}
	if err != nil {
		return cache.Entry{}, err
	}
	if session.AccountID == "" {
		session.AccountID = owner
	}
	return w.entry(call, session, skew), nil
}

// entry is a new session as the cache keeps it.
func (w *walk) entry(call *profile.Call, session creds.Credentials, skew time.Duration) cache.Entry {
	e := cache.Entry{Profile: call.Profile, Kind: string(call.Kind), RoleARN: call.RoleARN, Credentials: session, Minted: w.Now(), Skew: skew}
	if !w.chain.Source.Keys.Temporary() {
		e.SourceKey = w.chain.Source.Keys.AccessKeyID
	}
	return e
}
