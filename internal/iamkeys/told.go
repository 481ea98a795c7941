package iamkeys

import (
	"errors"
	"fmt"

	"assume-role/internal/fault"
)

// stage is how far the store and IAM are, for the error of what comes next.
type stage int

const (
	// untouched: nothing has changed.
	untouched stage = iota
	// asked: IAM may have made a key whose secret is lost.
	asked
	// made: the new key is in the store, beside the old one.
	made
	// lost: neither is in the old one's place, and the new one beside it.
	lost
	// swapping: the new key is stored under the first name.
	swapping
	// swapped: the new key has taken the old one's place.
	swapped
	// retiring: the old one is turned off.
	retiring
	// retired: the old one is gone, or to stay turned off.
	retired
)

// told adds to an error which key works now, and how to go on.
func (a *attempt) told(err error) error {
	standing := a.standing()
	var f *fault.Error
	switch {
	case errors.Is(err, fault.ErrInterrupted):
		a.Note(standing)
		return err
	case !errors.As(err, &f):
		return fault.New("", "%s", fault.OneLine(err.Error())).In(a.Profile).Fix("%s", standing).Because(err)
	case f.Hint != "":
		standing = f.Hint + "; " + standing
	}
	return f.In(a.Profile).Fix("%s", standing)
}

func (a *attempt) standing() string {
	rerun := fmt.Sprintf("`assume-role rotate %s`", a.Profile)
	switch a.stage {
	case asked:
		return fmt.Sprintf("the stored key %s is as it was and works; there may be a new one at IAM without a secret, which %s deletes", a.record.Old, rerun)
	case made:
		return fmt.Sprintf("the stored key %s is as it was and works; the new one, %s, waits beside it; %s goes on", a.record.Old, a.fresh.AccessKeyID, rerun)
	case lost:
		return fmt.Sprintf("the store has lost the stored key; the new one, %s, lies beside it; mend the store, and %s puts it there", a.fresh.AccessKeyID, rerun)
	case swapping:
		return fmt.Sprintf("the new key %s is stored and works, and so does the old one, %s; %s goes on", a.record.New, a.record.Old, rerun)
	case swapped:
		return fmt.Sprintf("the new key %s is stored and works; the old one, %s, is still active; %s goes on", a.record.New, a.record.Old, rerun)
	case retiring:
		return fmt.Sprintf("the new key %s is stored and works; the old one, %s, is inactive, and not deleted; %s goes on", a.record.New, a.record.Old, rerun)
	case retired:
		return fmt.Sprintf("the new key %s is stored and works, and the old one is %s", a.record.New, a.result.Fate)
	}
	return "nothing was changed"
}
