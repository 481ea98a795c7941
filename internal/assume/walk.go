package assume

import (
	"context"
	"slices"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// InnerTTL is what an inner step's session must have left: it signs one call,
// and what that call returns lives on without it.
const InnerTTL = time.Minute

// walk is one way along a chain, from its last call back to its source.
type walk struct {
	*Assumer
	chain  *profile.Chain
	source source
	// keys[n] is the cache key of what the first n calls give; keys[0] stands
	// for the source.
	keys []string
	// Policy is the one of this walk, in place of the Assumer's.
	Policy cache.Policy
}

// start finds out all that can be known before a secret is read or a call is
// made.
func (a *Assumer) start(chain *profile.Chain) (*walk, error) {
	if chain.Source.Unavailable != nil {
		return nil, chain.Source.Unavailable
	}
	from, err := sourceOf(chain.Source)
	if err != nil {
		return nil, err
	}
	w := &walk{Assumer: a, chain: chain, source: from, Policy: a.Policy}
	w.keys = []string{cache.Key(w.source.identity(w))}
	shapingName := w.shapingName()
	for i := range chain.Calls {
		w.keys = append(w.keys, cache.Key(shape(&chain.Calls[i], shapingName, chain.STS, w.keys[i])))
	}
	return w, nil
}

// shapingName is the name that tells sessions apart which have none of their
// own, or "".
func (w *walk) shapingName() string {
	if !w.NameShapes {
		return ""
	}
	return w.SessionName()
}

// after returns what the first n calls give, and whether it is new. refused
// is the access key id of a cached session that AWS did not take, or empty.
func (w *walk) after(ctx context.Context, n int, refused string) (e cache.Entry, fresh bool, err error) {
	mint := func(ctx context.Context) (cache.Entry, error) {
		fresh = true
		if n == 0 {
			return w.read(ctx)
		}
		return w.mint(ctx, n)
	}
	if w.Cache == nil || n == 0 && !w.keepsSource() {
		e, err = mint(ctx)
	} else {
		e, err = w.Cache.Obtain(ctx, w.request(n, refused), mint)
	}
	if ctx.Err() == context.Canceled {
		return cache.Entry{}, false, fault.ErrInterrupted
	}
	return e, fresh, err
}

// keepsSource: the source's credentials are kept under a key of their own,
// unless a conditional call keeps them under its key.
func (w *walk) keepsSource() bool {
	return w.source.kept && (len(w.chain.Calls) == 0 || !w.chain.Calls[0].Conditional)
}

// read gets the source's credentials.
func (w *walk) read(ctx context.Context) (cache.Entry, error) {
	if w.source.session != nil {
		return w.source.session(ctx, w)
	}
	s := w.chain.Source
	c, err := w.source.credentials(ctx, w)
	return cache.Entry{Profile: s.Profile, Kind: string(s.Kind), Credentials: c, Minted: w.Now()}, err
}

// request asks the cache for the session of call n, or of the source. A
// session that took a person's code is kept on --refresh as well.
func (w *walk) request(n int, refused string) cache.Request {
	r := cache.Request{Key: w.keys[n], Profile: w.chain.Source.Profile, Policy: w.Policy, Refused: refused, Outermost: n == len(w.chain.Calls)}
	if !r.Outermost {
		r.Policy = cache.Policy{MinTTL: InnerTTL, Refresh: w.Policy.Refresh}
	}
	if n > 0 {
		call := w.chain.Calls[n-1]
		r.Profile = call.Profile
		r.Policy.Refresh = r.Policy.Refresh && call.Device == nil
	}
	return r
}

// mint makes call n. Where AWS no longer takes the cached session that signs
// it (it was revoked, or its keys are gone), that is made anew, once.
func (w *walk) mint(ctx context.Context, n int) (cache.Entry, error) {
	if !w.chain.Calls[n-1].Conditional {
		w.expect(ctx, w.chain.STS)
	}
	signer, fresh, err := w.after(ctx, n-1, "")
	if err != nil {
		return cache.Entry{}, err
	}
	entry, err := w.call(ctx, n, signer)
	if fresh || !w.outdated(n, err) {
		return entry, err
	}
	w.Debug("the cached session %s is no longer accepted: making it anew", signer.Credentials.AccessKeyID)
	if signer, _, err = w.after(ctx, n-1, signer.Credentials.AccessKeyID); err != nil {
		return cache.Entry{}, err
	}
	return w.call(ctx, n, signer)
}

// outdated reports whether the cached session that signed call n is worth
// making anew: AWS does not take it, or a policy of its role denies everything
// to it, as one that ends older sessions does. That may have other reasons, so
// nobody is asked for a code on account of it.
func (w *walk) outdated(n int, err error) bool {
	if signerRefused(err) {
		return true
	}
	if n < 2 || !deniedOutright(err) {
		return false
	}
	before := w.chain.Calls[n-2]
	return before.Kind == profile.AssumeRole && before.Device == nil
}

// call makes call n, with a code of its device if it has one. A conditional
// call passes on what is a session already.
func (w *walk) call(ctx context.Context, n int, signer cache.Entry) (cache.Entry, error) {
	call := w.chain.Calls[n-1]
	if call.Conditional && signer.Credentials.Temporary() {
		return signer, nil
	}
	if n > 1 && w.chain.Calls[n-2].Conditional && signer.Kind == string(profile.SessionToken) {
		call.Device = nil // its code went into the session that signs
	}
	if err := w.limitChained(&call, signer.Credentials); err != nil {
		return cache.Entry{}, err
	}
	if err := refuseSession(&call, signer.Credentials); err != nil {
		return cache.Entry{}, err
	}
	owner, err := w.owner(ctx, &call, signer.Credentials)
	if err != nil {
		return cache.Entry{}, err
	}
	session, skew, err := w.send(ctx, &call, signer.Credentials)
	if err != nil {
		return cache.Entry{}, err
	}
	if session.AccountID == "" {
		session.AccountID = owner
	}
	return w.entry(&call, signer, session, skew), nil
}

// send makes a call, as often as its device's codes have to be asked for.
// skew is AWS's clock minus the local one.
func (w *walk) send(ctx context.Context, call *profile.Call, signer creds.Credentials) (session creds.Credentials, skew time.Duration, err error) {
	kind := kindOf(call.Kind)
	once := func(code creds.Secret) error {
		op := operation{name: kind.name, call: call, source: &w.chain.Source, signer: signer, code: code}
		skew, err = w.invoke(ctx, w.chain.STS, op, func(ctx context.Context, c query.Client) error {
			session, err = kind.send(ctx, c, parameters{call: call, name: w.SessionName(), code: code})
			return err
		})
		return err
	}
	if call.Device == nil {
		err = once("")
		return session, skew, err
	}
	cache.Stored(ctx) // a person is asked for one thing at a time
	err = w.MFA.WithCode(ctx, w.chain.STS, *call.Device, func(code creds.Secret) (bool, error) { return spent(once(code)) })
	return session, skew, err
}

// entry is a new session as the cache keeps it; the signer is the zero Entry
// where nothing signed the call.
func (w *walk) entry(call *profile.Call, signer cache.Entry, session creds.Credentials, skew time.Duration) cache.Entry {
	e := cache.Entry{
		Profile: call.Profile, Kind: string(call.Kind), RoleARN: call.RoleARN, Via: cameThrough(signer),
		SourceKey: signer.SourceKey, Credentials: session, Minted: w.Now(), Skew: skew,
	}
	if !signer.Credentials.Temporary() {
		e.SourceKey = signer.Credentials.AccessKeyID
	}
	return e
}

// cameThrough are the roles before the one whose session a signer signs for.
func cameThrough(signer cache.Entry) []string {
	if signer.RoleARN == "" {
		return signer.Via
	}
	return append(slices.Clone(signer.Via), signer.RoleARN)
}
