package sso

import (
	"context"
	"net/http"
	"net/url"
	"sync"
)

// atOnce is how many calls of a list run at the same time. AWS does not say how
// often the portal may be asked; it says when it was too often.
const atOnce = 8

// lister lists with one token for all of its calls, or with the one that
// replaces it.
type lister struct {
	*Session
	pace
	mu    sync.Mutex
	token *token
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
// again at a slower pace where AWS is asked too often.
func (l *lister) get(ctx context.Context, path string, query url.Values, into any) error {
	for try := 0; ; try++ {
		began, err := l.slot(ctx)
		if err != nil {
			return err
		}
		t := l.current()
		err = l.send(ctx, t, path, query, into)
		if tokenRefused(err) {
			if t, err = l.instead(ctx, t); err == nil {
				err = l.send(ctx, t, path, query, into)
			}
		}
		if statusOf(err) != http.StatusTooManyRequests || try == maxPauses {
			return err
		}
		l.slower(began, err, try)
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
