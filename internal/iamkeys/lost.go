package iamkeys

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/iam"
	"assume-role/internal/keystore"
)

// afterwards is how long after IAM was asked for a key it may say that it made
// it: what two calls last at most, and what the clocks may differ by before AWS
// refuses signatures.
const afterwards = time.Minute + 5*time.Minute

// removeLost deletes the key that IAM made and whose secret never got into the
// store. It did not exist when the record was written: the user had the old key
// only.
func (a *attempt) removeLost(ctx context.Context) (removed bool, err error) {
	for _, k := range slices.Clone(a.keys) {
		if k.ID == a.record.Old {
			continue
		}
		if !a.isLost(ctx, k) {
			return false, a.twoKeys()
		}
		if err := a.remove(ctx, k.ID); err != nil {
			return false, err
		}
		removed = true
	}
	return removed, nil
}

// isLost reports whether a key can be none but the one that an earlier run had
// asked for: it has its recorded id, or it was made in that very moment and
// never signed anything. Where IAM does not say who used it, the moment has to
// do.
func (a *attempt) isLost(ctx context.Context, k iam.Key) bool {
	if k.ID == a.record.New {
		return true
	}
	if a.record.Asked.IsZero() || k.Created.After(a.record.Asked.Add(afterwards)) {
		return false
	}
	used, err := a.Caller.LastUsed(ctx, k.ID)
	return errors.Is(err, iam.ErrDenied) || err == nil && used.IsZero()
}

// remove deletes a key that nobody has, and says so.
func (a *attempt) remove(ctx context.Context, id string) error {
	if err := a.Caller.DeleteKey(ctx, a.user(), id); err != nil && !errors.Is(err, iam.ErrNotFound) {
		return err
	}
	a.keys = slices.DeleteFunc(a.keys, func(k iam.Key) bool { return k.ID == id })
	a.Note(fmt.Sprintf("deleted the key %s of %s at IAM, which an interrupted rotation had made and whose secret was lost", id, a.Identity.ARN))
	return nil
}

// twoKeys is the error for a user who has no room for a new key.
func (a *attempt) twoKeys() error {
	var each, other []string
	for _, k := range a.keys {
		what := "not stored here under this name"
		if k.ID == a.stored.AccessKeyID {
			what = "the stored one"
		} else {
			other = append(other, k.ID)
		}
		status := "active"
		if !k.Active {
			status = "inactive"
		}
		each = append(each, fmt.Sprintf("%s (%s, %s, %s)", k.ID, what, status, age(a.Now().Sub(k.Created))))
	}
	return fault.New("", "the user %s has two access keys, and AWS allows no third: %s", a.user(), strings.Join(each, " and ")).In(a.Profile).
		Fix("see that nobody uses %s (aws iam get-access-key-last-used --access-key-id %s), delete it (aws iam delete-access-key --user-name %s --access-key-id %s), and run this again",
			other[0], other[0], a.user(), other[0])
}

// age is a key's age for a person, in the unit that says enough.
func age(d time.Duration) string {
	switch days := int(d / (24 * time.Hour)); {
	case days > 1:
		return fmt.Sprintf("%d days old", days)
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours old", int(d/time.Hour))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes old", int(d/time.Minute))
	}
	return "just made"
}

// lostItem reports whether an item that was just written is not there.
func lostItem(err error) bool {
	return errors.Is(err, keystore.ErrNotFound) || errors.Is(err, keystore.ErrDamaged)
}
