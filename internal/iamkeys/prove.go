package iamkeys

import (
	"context"
	"fmt"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
)

const (
	// Patience is how long a new key may take until AWS knows it; some ten
	// seconds are usual.
	Patience = time.Minute
	// pause is between two tries.
	pause = time.Second
	// inARow is how often AWS must know the key, one time after the other: its
	// servers learn of it one by one.
	inARow = 3
)

// prove waits until AWS has said several times running whose the new key is.
func (a *attempt) prove(ctx context.Context) error {
	for known := 0; known < inARow; known++ {
		err := a.patiently(ctx, func() error {
			id, err := a.Identify(ctx, a.fresh)
			if err == nil && id.ARN != a.Identity.ARN {
				return fault.New("", "AWS says that the new key %s is %s's, and not %s's", a.fresh.AccessKeyID, id.ARN, a.Identity.ARN).In(a.Profile).
					Fix("check endpoint_url: what answers there is not one AWS")
			}
			if err != nil {
				known = 0
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// patiently repeats what is signed with the new key as long as AWS does not
// know the key, within Patience.
func (a *attempt) patiently(ctx context.Context, try func() error) error {
	defer a.Progress("")
	for waited := time.Duration(0); ; waited += pause {
		err := try()
		switch {
		case !assume.UnknownKey(err):
			return err
		case waited >= Patience:
			return fault.New("", "AWS does not know the new key %s yet, %s after it was made", a.fresh.AccessKeyID, Patience).In(a.Profile).
				Fix("try again in a few minutes").Because(err)
		}
		a.Progress(fmt.Sprintf("waiting until AWS knows the new key %s: %s of %s at most", a.fresh.AccessKeyID, waited, Patience))
		if err := a.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}
