package keystore

import (
	"context"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
)

const (
	// answerTime is how long a store may take for one call.
	answerTime = 3 * time.Second
	// personTime is how long it may take where it may be showing a person a
	// dialog (a pinentry, a wallet's or a keychain's password).
	personTime = 2 * time.Minute
)

// limited gives every call on a store a time limit. A call that is given up
// goes on in the background until the process ends: the library cannot be
// interrupted.
type limited struct {
	// ctx is the command's: a Ring lives no longer than one command.
	ctx     context.Context
	store   keyring.Keyring
	backend string
	limit   time.Duration
}

// within returns what call returns, or an error when it takes too long.
func within[T any](ctx context.Context, backend string, limit time.Duration, call func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var none T
	select {
	case r := <-done:
		return r.value, r.err
	case <-timer.C:
		return none, explainSlow(backend, limit)
	case <-ctx.Done():
		if ctx.Err() == context.Canceled {
			return none, fault.ErrInterrupted
		}
		return none, explainSlow(backend, limit)
	}
}

func (l limited) Get(name string) (keyring.Item, error) {
	return within(l.ctx, l.backend, l.limit, func() (keyring.Item, error) { return l.store.Get(name) })
}

func (l limited) GetMetadata(name string) (keyring.Metadata, error) {
	return within(l.ctx, l.backend, l.limit, func() (keyring.Metadata, error) { return l.store.GetMetadata(name) })
}

func (l limited) Keys() ([]string, error) {
	return within(l.ctx, l.backend, l.limit, l.store.Keys)
}

func (l limited) Set(item keyring.Item) error {
	return l.do(func() error { return l.store.Set(item) })
}

func (l limited) Remove(name string) error {
	return l.do(func() error { return l.store.Remove(name) })
}

// do is within for calls that return an error only.
func (l limited) do(call func() error) error {
	_, err := within(l.ctx, l.backend, l.limit, func() (struct{}, error) { return struct{}{}, call() })
	return err
}
