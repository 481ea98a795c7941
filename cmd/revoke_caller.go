package cmd

import (
	"context"
	"slices"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/revoke"
)

// caller is whose credentials make a change.
type caller struct {
	chain       *profile.Chain
	assumer     *assume.Assumer
	credentials creds.Credentials
	identity    assume.Identity
	// renewed says that the last session of the chain is new.
	renewed bool
}

// caller gets the credentials of a chain, once, and asks AWS whose they are.
func (r *revocation) caller(ctx context.Context, chain *profile.Chain) (*caller, error) {
	if i := slices.IndexFunc(r.callers, func(c *caller) bool { return c.chain == chain }); i >= 0 {
		return r.callers[i], nil
	}
	assumer, err := r.assumer(ctx, chain, &r.credentials, r.settings, cache.Policy{MinTTL: ttlForPeople})
	if err != nil {
		return nil, err
	}
	c := &caller{chain: chain, assumer: assumer}
	if c.credentials, err = assumer.Credentials(ctx, chain); err != nil {
		return nil, err
	}
	if c.identity, err = assumer.Identity(ctx, chain.Profile, chain.STS, c.credentials); err != nil {
		return nil, err
	}
	r.callers = append(r.callers, c)
	return c, nil
}

// renew makes the session of a caller anew to whom a policy denies what it asks:
// the cached one may have been revoked by somebody else. It does so once.
func (r *revocation) renew(ctx context.Context, c *caller) (renewed bool, err error) {
	if c.renewed || !c.credentials.Temporary() {
		return false, nil
	}
	c.renewed = true
	keys, err := c.assumer.Keys(c.chain)
	if err != nil {
		return false, err
	}
	sessions, err := r.sessionCache(ctx)
	if err != nil {
		return false, err
	}
	r.debug("a policy denies everything to the cached session of %s: making it anew", c.identity.ARN)
	sessions.Clear(cache.Filter{Keys: keys[len(keys)-1:]})
	c.credentials, err = c.assumer.Credentials(ctx, c.chain)
	return true, err
}

// checkCaller refuses credentials that cannot make the change, or that would
// end themselves by it.
func (r *revocation) checkCaller(of revoke.Subject, by assume.Identity) error {
	switch {
	case by.Account == of.Account:
	case r.using != "":
		return fault.New("", "--using %s is of account %s, and the %s %s is in account %s", r.using, by.Account, of.Kind(), of.Name, of.Account).
			Fix("name a profile of account %s that may change its policies", of.Account)
	default:
		return r.inProfile(fault.New("", "the %s %s is in account %s, and the credentials that would change it are of account %s", of.Kind(), of.Name, of.Account, by.Account).
			Fix("name a profile of account %s that may change its policies with --using", of.Account))
	}
	if !r.yes && of.Owns(by.ARN) && r.which.Include(by.ARN) {
		return fault.New("", "the credentials that would make the change are a session of the role itself (%s), which it would end", by.ARN).
			Fix("name other ones with --using, or give --yes if a new session is at hand")
	}
	return nil
}
