package sso

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"time"

	"assume-role/internal/bearer"
)

// atOnce is how many calls of a list run at the same time. AWS does not say how
// often the portal may be asked; it says when it was too often.
const atOnce = 8

// lister lists with one token for all of its calls, or with the one that
// replaces it.
type lister struct {
	*Session
	// cancelled ends the calls that run when another one failed.
	mu    sync.Mutex
	token *token
	gate  gate
}

// Accounts lists the accounts that are assigned to who is signed in, by their
// ids, each with its roles (ListAccounts, ListAccountRoles). progress is told
// how many accounts are done, one call at a time. What the portal is too busy
// for is asked again, later and later, for some minutes.
//
// The errors are those of RoleCredentials.
func (s *Session) Accounts(ctx context.Context, progress func(done, of int)) ([]Account, error) {
	t, err := s.token(ctx)
	if err != nil {
		return nil, err
	}
	l := &lister{Session: s, token: t}
	all, err := l.accounts(ctx)
	if err == nil {
		err = l.fill(ctx, all, progress)
	}
	return all, s.listFailed(err)
}

// fill lists the roles of all accounts. The first failure ends it.
func (l *lister) fill(ctx context.Context, all []Account, progress func(done, of int)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var work sync.WaitGroup
	next := make(chan *Account)
	done := 0
	for range min(atOnce, len(all)) {
		work.Go(func() {
			for account := range next {
				if err := l.roles(ctx, account); err != nil {
					cancel(err)
				}
				l.mu.Lock()
				done++
				progress(done, len(all))
				l.mu.Unlock()
			}
		})
	}
	for i := range all {
		if ctx.Err() == nil {
			next <- &all[i]
		}
	}
	close(next)
	work.Wait()
	return context.Cause(ctx)
}

// get makes one call, with another token where AWS takes this one no more, and
// again after a pause where AWS is asked too often.
func (l *lister) get(ctx context.Context, path string, query url.Values, into any) error {
	for try := 0; ; try++ {
		t := l.current()
		err := l.send(ctx, t, path, query, into)
		if tokenRefused(err) {
			if t, err = l.instead(ctx, t); err == nil {
				err = l.send(ctx, t, path, query, into)
			}
		}
		if refused(err) != http.StatusTooManyRequests || try == maxPauses {
			return err
		}
		if err := l.gate.pause(ctx, l.Session, try); err != nil {
			return err
		}
	}
}

func (l *lister) current() *token {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.token
}

// instead returns the token that replaces one that was refused, made once for
// all calls.
func (l *lister) instead(ctx context.Context, refused *token) (*token, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.token != refused {
		return l.token, nil
	}
	t, err := l.replace(ctx, refused)
	if err == nil {
		l.token = t
	}
	return t, err
}

// maxPauses is how often a call is put off: with pauses of 1, 2, 4, 8, 15, 15
// seconds and the client's own between them, about a minute.
const maxPauses = 6

// gate spreads calls that were told to come later.
type gate struct{}

// pause waits twice as long every time.
func (gate) pause(ctx context.Context, s *Session, try int) error {
	wait := min(time.Second<<try, 15*time.Second)
	s.debug("the portal is asked too often: the next call waits %s", wait)
	client, err := s.Client()
	if err != nil {
		return err
	}
	if client.Sleep != nil {
		client.Sleep(wait)
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// refused is the status of a refusal, 0 where err is none.
func refused(err error) int {
	var refusal *bearer.Refusal
	if !errors.As(err, &refusal) {
		return 0
	}
	return refusal.Status
}

// listFailed says what the portal had against a list.
func (s *Session) listFailed(err error) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	const what = "the accounts and roles of %s cannot be listed: "
	switch {
	case refusal.Status == http.StatusUnauthorized:
		return s.ended("is no longer accepted by AWS").Because(err)
	case refusal.Status == http.StatusForbidden:
		return s.fail(nil, what+"the portal gives no access", s.name()).Fix("ask who manages Identity Center, or sign in as somebody else with: %s", s.SignIn).Because(err)
	case refusal.Status == http.StatusNotFound:
		return s.fail([]string{"sso_region"}, what+"the portal in %s does not know them", s.name(), s.Region).Fix("sso_region must be the Region of the Identity Center instance").Because(err)
	case refusal.Status == http.StatusTooManyRequests:
		return s.busy("listing the accounts and roles of " + s.name()).Because(err)
	case refusal.Code == "InvalidRequestException":
		return s.fail([]string{"sso_region"}, what+"the portal in %s did not understand the request", s.name(), s.Region).
			Fix("sso_region must be the Region of the Identity Center instance").Because(err)
	}
	return s.fail(nil, what+"%v", s.name(), refusal).Fix("see --debug for the request id").Because(err)
}
