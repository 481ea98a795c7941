package cache

import (
	"context"
	"sync"
)

// innerKey is the context's key of the sessions of inner steps that are being
// stored.
type innerKey struct{}

// withInner is for a mint: what it asks for by this context may be stored beside
// it, as one of the group.
func withInner(ctx context.Context) (context.Context, *sync.WaitGroup) {
	group := &sync.WaitGroup{}
	return context.WithValue(ctx, innerKey{}, group), group
}

// beside stores a session: at once where it leaves the tool, and during the next
// call where it only signs that.
func beside(ctx context.Context, r Request, store func()) {
	group, inner := ctx.Value(innerKey{}).(*sync.WaitGroup)
	if r.Outermost || !inner {
		store()
		return
	}
	group.Go(store)
}

// Stored waits until the sessions that a mint has asked for by this context are
// stored. Storing one may ask a person for the store's passphrase: it is for a
// mint that will ask for something else.
func Stored(ctx context.Context) {
	if group, inner := ctx.Value(innerKey{}).(*sync.WaitGroup); inner {
		group.Wait()
	}
}
