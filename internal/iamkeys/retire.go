package iamkeys

import (
	"context"
	"errors"

	"assume-role/internal/assume"
	"assume-role/internal/fault"
	"assume-role/internal/iam"
)

// retire turns the old key off, sees that AWS accepts the new one without it,
// and deletes it.
func (a *attempt) retire(ctx context.Context) error {
	a.result.Old, a.result.New, a.result.Resumed = a.record.Old, a.record.New, a.resumed
	a.result.Fate = Inactive
	err := a.asSuccessor(ctx, func(c *iam.Client) error { return c.SetKeyActive(ctx, a.user(), a.record.Old, false) })
	if errors.Is(err, iam.ErrNotFound) {
		return a.finish(Deleted)
	}
	if err != nil {
		return err
	}
	a.stage = retiring
	if err := a.prove(ctx); err != nil {
		return err
	}
	if a.DeactivateOnly {
		return a.finish(Inactive)
	}
	err = a.asSuccessor(ctx, func(c *iam.Client) error { return c.DeleteKey(ctx, a.user(), a.record.Old) })
	if err != nil && !errors.Is(err, iam.ErrNotFound) {
		return err
	}
	return a.finish(Deleted)
}

func (a *attempt) finish(f Fate) error {
	a.result.Fate, a.stage = f, retired
	return a.record.drop(a.Records)
}

// asSuccessor makes a change that the old key can no longer make: with the
// session that the device was presented to, which outlives its key
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html),
// else with the new key.
func (a *attempt) asSuccessor(ctx context.Context, change func(*iam.Client) error) error {
	if !a.Presented {
		return a.patiently(ctx, func() error { return change(a.With(a.fresh)) })
	}
	err := change(a.Caller)
	if assume.UnknownKey(err) {
		return fault.New("", "AWS does not take the session of the old key %s any more", a.record.Old).In(a.Profile).
			Fix("the new key needs a session of its own, with another MFA code").Because(err)
	}
	return err
}
