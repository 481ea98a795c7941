package iamkeys

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/keystore"
)

// look finds out how far an earlier run has come, if there was one, and refuses
// what cannot be rotated. It changes nothing but what such a run left behind.
func (a *attempt) look(ctx context.Context) (err error) {
	if a.record, a.resumed, err = findRecord(a.Records, a.Profile); err != nil {
		return err
	}
	if !a.resumed {
		a.record.Profile = a.Profile
	}
	if a.stored, err = a.loadStored(); err != nil {
		return err
	}
	if a.keys, err = a.Caller.Keys(ctx, a.user()); err != nil {
		return err
	}
	if a.resumed {
		return a.goOn(ctx)
	}
	return a.begin()
}

// loadStored reads the key that is rotated. One that is gone from under the
// record's name was removed, and the record is worth nothing.
func (a *attempt) loadStored() (creds.Credentials, error) {
	key, err := a.Store.LoadKey(a.record.Profile)
	if !errors.Is(err, keystore.ErrNotFound) {
		return key, err
	}
	if a.resumed && a.record.Profile != a.Profile {
		return a.Store.LoadKey(a.Profile)
	}
	return creds.Credentials{}, fault.New(fault.NoCredentials, "its key is not in the %s key store", a.Backend).In(a.Profile).
		Fix("see `assume-role keyring`, or store it again with `assume-role add %s`", a.Profile).Because(err)
}

// goOn takes up what an earlier run had begun.
func (a *attempt) goOn(ctx context.Context) error {
	waiting, here, err := a.waiting()
	switch {
	case err != nil:
		return err
	case a.record.New != "" && a.stored.AccessKeyID == a.record.New:
		a.fresh, a.stage = a.stored, swapping
		return nil
	case a.stored.AccessKeyID != a.record.Old:
		return a.giveUp(ctx, waiting)
	case waiting.AccessKeyID != "" && a.listed(waiting.AccessKeyID):
		a.fresh, a.stage = waiting, made
		return a.recordNew()
	case !here && a.record.Backend != a.Backend:
		return fault.New("", "an unfinished rotation has its new key in the %s key store, and this is %s", a.record.Backend, a.Backend).In(a.Profile).
			Fix("go on with --keyring-backend %s", a.record.Backend)
	}
	return a.beginAgain(ctx)
}

// waiting is the new key that an earlier run stored beside the old one; empty
// where there is none. here says that this is the store in which it began.
func (a *attempt) waiting() (key creds.Credentials, here bool, err error) {
	key, err = a.Store.LoadNext(a.record.Profile)
	switch {
	case errors.Is(err, keystore.ErrNotFound):
		return creds.Credentials{}, false, nil
	case errors.Is(err, keystore.ErrDamaged) || err == nil && key.AccessKeyID == a.record.Old:
		return creds.Credentials{}, true, nil
	}
	return key, true, err
}

// giveUp forgets an earlier run after which somebody stored another key. What
// that run had made is deleted where it is certain that nobody has it.
func (a *attempt) giveUp(ctx context.Context, waiting creds.Credentials) error {
	id := firstOf(a.record.New, waiting.AccessKeyID)
	switch {
	case id == "" || id == a.stored.AccessKeyID:
	case a.record.User == a.Identity.ARN && a.listed(id):
		if err := a.remove(ctx, id); err != nil {
			return err
		}
	default:
		a.Note(fmt.Sprintf("an earlier rotation made the key %s for %s, which is not used: delete it if IAM still has it", id, a.record.User))
	}
	if err := errors.Join(a.Store.RemoveNext(a.record.Profile), a.record.drop(a.Records)); err != nil {
		return err
	}
	a.record, a.resumed = record{Profile: a.Profile}, false
	stored, err := a.loadStored()
	if err != nil {
		return err
	}
	a.stored = stored
	return a.begin()
}

// beginAgain is for a run that ended before the store had the new key: if IAM
// made it, nobody knows its secret.
func (a *attempt) beginAgain(ctx context.Context) error {
	if _, err := a.removeLost(ctx); err != nil {
		return err
	}
	return a.begin()
}

// begin refuses to rotate what would not end well, and plans the rest.
func (a *attempt) begin() error {
	i := slices.IndexFunc(a.keys, func(k iam.Key) bool { return k.ID == a.stored.AccessKeyID })
	switch {
	case i < 0:
		return fault.New("", "the stored key %s is none of the user %s", a.stored.AccessKeyID, a.Identity.ARN).In(a.Profile).
			Fix("see whose it is with `aws sts get-access-key-info`, and store the user's own with `assume-role add %s`", a.Profile)
	case len(a.keys) > 1:
		return a.twoKeys()
	case !a.keys[i].Active:
		return fault.New("", "somebody has turned the stored key %s off at IAM", a.stored.AccessKeyID).In(a.Profile).
			Fix("ask why before it is turned on again, or store another key with `assume-role add %s`", a.Profile)
	}
	others, err := a.sharing()
	a.record = record{
		Profile: a.record.Profile, Others: others, Backend: a.Backend,
		User: a.Identity.ARN, Old: a.stored.AccessKeyID, Asked: a.record.Asked,
	}
	return err
}

// sharing are the other names under which the very same key is stored: it would
// be gone under them as well.
func (a *attempt) sharing() ([]string, error) {
	profiles, err := a.Store.KeyProfiles()
	if err != nil {
		return nil, err
	}
	var others []string
	for _, name := range profiles {
		key, err := a.Store.LoadKey(name)
		switch {
		case name == a.record.Profile || errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrDamaged):
		case err != nil:
			return nil, err
		case key.AccessKeyID == a.stored.AccessKeyID:
			others = append(others, name)
		}
	}
	return others, nil
}

// listed reports whether IAM lists a key of the user.
func (a *attempt) listed(id string) bool {
	return slices.ContainsFunc(a.keys, func(k iam.Key) bool { return k.ID == id })
}

// user is the name by which IAM's calls know the user.
func (a *attempt) user() string { return UserName(a.Identity.ARN) }

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
