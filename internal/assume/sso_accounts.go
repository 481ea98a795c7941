package assume

import (
	"context"

	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// SSOAccounts lists the accounts and roles of whoever is signed in at what a
// source of the kind SSO names; progress is told how many accounts are done.
// Where only a sign-in helps, and a person makes it, they are listed once more.
// Errors are *fault.Error or fault.ErrInterrupted.
func (a *Assumer) SSOAccounts(ctx context.Context, source *profile.Source, progress func(done, of int)) ([]sso.Account, error) {
	list := func() ([]sso.Account, error) {
		all, err := a.SSO(source).Accounts(ctx, progress)
		if err != nil {
			err = a.ssoFault(ctx, source, ssoAttempt{what: "listing the accounts of Identity Center", failed: "the accounts of Identity Center could not be listed"}, err)
		}
		return all, err
	}
	all, err := list()
	again, failed := a.signedIn(ctx, &profile.Chain{Source: *source}, err)
	if !again {
		return all, failed
	}
	return list()
}
