package iamkeys

import (
	"context"
	"errors"
	"fmt"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
)

// make gets the new key from IAM and puts it into the store beside the old one,
// unless an earlier run has.
func (a *attempt) make(ctx context.Context) error {
	if a.fresh.AccessKeyID != "" {
		return nil
	}
	if err := a.prepare(); err != nil {
		return err
	}
	fresh, err := a.create(ctx)
	if err != nil {
		return a.notMade(err)
	}
	fresh.AccountID = a.Identity.Account
	if err := a.keep(ctx, fresh); err != nil {
		return err
	}
	a.fresh, a.stage = fresh, made
	return a.recordNew()
}

// prepare proves that the store takes one more item, by storing the old key a
// second time, and records what is about to happen.
func (a *attempt) prepare() error {
	if err := a.saveNext(a.stored); err != nil {
		return errors.Join(err, a.Store.RemoveNext(a.record.Profile))
	}
	a.record.Asked = a.Now().UTC()
	if err := a.record.write(a.Records); err != nil {
		return errors.Join(err, a.Store.RemoveNext(a.record.Profile))
	}
	return nil
}

// saveNext stores a key beside the profile's and reads it back.
func (a *attempt) saveNext(key creds.Credentials) error {
	if err := a.Store.SaveNext(a.record.Profile, key); err != nil {
		return err
	}
	back, err := a.Store.LoadNext(a.record.Profile)
	if err == nil && !same(back, key) || lostItem(err) {
		err = a.notGivenBack()
	}
	return err
}

// create asks IAM for the key. Where an answer was lost, now or in an earlier
// run, there may be one already whose secret nobody knows: it is deleted, and
// IAM is asked once more. The call is not interrupted, for the same reason.
func (a *attempt) create(ctx context.Context) (creds.Credentials, error) {
	for again := false; ; again = true {
		fresh, err := a.Caller.CreateKey(context.WithoutCancel(ctx), a.user())
		switch {
		case err == nil || again:
			return fresh, err
		case errors.Is(err, iam.ErrOutcomeUnknown):
		case errors.Is(err, iam.ErrLimit) && a.resumed:
		default:
			return fresh, err
		}
		removed, failed := a.removeAfter(ctx)
		switch {
		case failed != nil && errors.Is(err, iam.ErrLimit):
			return fresh, failed
		case failed != nil || !removed:
			return fresh, err
		}
	}
}

// removeAfter is removeLost with a new look at IAM.
func (a *attempt) removeAfter(ctx context.Context) (removed bool, err error) {
	if a.keys, err = a.Caller.Keys(ctx, a.user()); err != nil {
		return false, err
	}
	return a.removeLost(ctx)
}

// notMade undoes the preparations where IAM has certainly made no key, now or
// before.
func (a *attempt) notMade(err error) error {
	if errors.Is(err, iam.ErrOutcomeUnknown) || a.resumed {
		a.stage = asked
		return err
	}
	if undone := errors.Join(a.Store.RemoveNext(a.record.Profile), a.record.drop(a.Records)); undone != nil {
		a.stage = asked
	}
	return err
}

// keep stores the new key beside the old one. Where the store does not take it,
// the key is of no use and goes again.
func (a *attempt) keep(ctx context.Context, fresh creds.Credentials) error {
	err := a.saveNext(fresh)
	if err == nil {
		return nil
	}
	a.stage, a.record.New = asked, fresh.AccessKeyID
	if gone := a.Caller.DeleteKey(context.WithoutCancel(ctx), a.user(), fresh.AccessKeyID); gone != nil && !errors.Is(gone, iam.ErrNotFound) {
		a.Note(fmt.Sprintf("the new key %s could not be stored, nor deleted at IAM: %s", fresh.AccessKeyID, gone))
		return errors.Join(err, a.record.write(a.Records))
	}
	if undone := errors.Join(a.Store.RemoveNext(a.record.Profile), a.record.drop(a.Records)); undone == nil {
		a.stage = untouched
	}
	return err
}

// recordNew records the new key's id: from now on it may take the old one's
// place.
func (a *attempt) recordNew() error {
	if a.record.New == a.fresh.AccessKeyID {
		return nil
	}
	a.record.New = a.fresh.AccessKeyID
	return a.record.write(a.Records)
}

// notGivenBack is the error of a store that does not keep what it is given.
func (a *attempt) notGivenBack() error {
	return fault.New("", "the %s key store gave back something else than was written to it", a.Backend).In(a.Profile).
		Fix("look into it, or move the keys to another store with `assume-role keyring migrate`")
}

// same reports whether two items hold the same key.
func same(a, b creds.Credentials) bool {
	return a.AccessKeyID == b.AccessKeyID && a.SecretAccessKey == b.SecretAccessKey
}
