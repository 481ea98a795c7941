package iamkeys

import (
	"context"
	"errors"
	"fmt"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/keystore"
)

// swap puts the new key in the old one's place, under every name that the old
// one had.
func (a *attempt) swap(ctx context.Context) error {
	for _, name := range a.record.profiles() {
		if err := a.swapOne(ctx, name); err != nil {
			return err
		}
		a.stage = swapping
	}
	a.stage = swapped
	return a.Store.RemoveNext(a.record.Profile)
}

// swapOne replaces the key under one name, unless somebody has removed or
// replaced it meanwhile.
func (a *attempt) swapOne(ctx context.Context, name string) error {
	key, err := a.Store.LoadKey(name)
	switch {
	case errors.Is(err, keystore.ErrNotFound) || err == nil && key.AccessKeyID != a.record.Old && key.AccessKeyID != a.fresh.AccessKeyID:
		if name == a.record.Profile {
			return a.overtaken(ctx)
		}
		a.Note(fmt.Sprintf("the key of profile %q was replaced or removed meanwhile, and stays so", name))
		return nil
	case err != nil:
		return err
	case key.AccessKeyID == a.record.Old:
		if err := a.replace(ctx, name); err != nil {
			return err
		}
	}
	a.result.Profiles = append(a.result.Profiles, name)
	a.Replaced(ctx, name, a.fresh.AccessKeyID)
	return nil
}

// overtaken takes the new key back where somebody has removed or replaced the
// key that it was made for.
func (a *attempt) overtaken(ctx context.Context) error {
	err := a.Caller.DeleteKey(context.WithoutCancel(ctx), a.user(), a.fresh.AccessKeyID)
	if err != nil && !errors.Is(err, iam.ErrNotFound) {
		return err
	}
	a.stage = untouched
	gone := fault.New("", "its stored key was replaced or removed while it was being rotated").In(a.record.Profile).
		Fix("see `assume-role list`; the new key %s is deleted again", a.fresh.AccessKeyID)
	return errors.Join(gone, a.Store.RemoveNext(a.record.Profile), a.record.drop(a.Records))
}

// replace stores the new key and reads it back. Where the store did not keep it,
// the old one is put back.
func (a *attempt) replace(ctx context.Context, name string) error {
	old, err := a.Store.LoadKey(name)
	if err != nil {
		return err
	}
	a.Replacing(ctx, name, a.fresh.AccessKeyID)
	if err := a.Store.SaveKey(name, a.fresh); err != nil {
		return err
	}
	back, err := a.Store.LoadKey(name)
	if err == nil && same(back, a.fresh) {
		return nil
	}
	if err == nil || lostItem(err) {
		err = a.notGivenBack()
	}
	a.putBack(name, old)
	return err
}

// putBack stores the old key again, which the new one has not replaced.
func (a *attempt) putBack(name string, old creds.Credentials) {
	err := a.Store.SaveKey(name, old)
	if err == nil {
		back, unread := a.Store.LoadKey(name)
		if unread == nil && same(back, old) {
			return
		}
	}
	a.stage = lost
}
