package assume

import (
	"context"
	"fmt"
	"time"

	"assume-role/internal/profile"
	"assume-role/internal/sso"
)

// SignInSSO signs a person in for a source of the kind SSO: anew, or where
// another process has not done so meanwhile. Errors are *fault.Error or
// fault.ErrInterrupted.
func (a *Assumer) SignInSSO(ctx context.Context, source *profile.Source, person sso.Person, anew bool) (sso.Grant, error) {
	session := a.SSO(source)
	sign := session.Ensure
	if anew {
		sign = session.Authorize
	}
	watched, seen := observe(ctx)
	grant, err := sign(watched, person)
	if err != nil {
		return grant, a.ssoFault(ctx, source, ssoAttempt{"the sign-in at Identity Center", "the sign-in at Identity Center failed", *seen}, err)
	}
	a.noteClock(*seen)
	return grant, nil
}

// SignOutSSO signs out of what a source of the kind SSO names; file is the
// token's file where that is another one. untold is why AWS could not be told,
// when all else is done.
func (a *Assumer) SignOutSSO(ctx context.Context, source *profile.Source, file string) (untold, err error) {
	watched, seen := observe(ctx)
	session := a.SSO(source)
	session.File = file
	untold, err = session.SignOut(watched)
	try := ssoAttempt{"signing out at Identity Center", "signing out at Identity Center failed", *seen}
	if untold != nil {
		untold = a.ssoFault(ctx, source, try, untold)
	}
	if err != nil {
		err = a.ssoFault(ctx, source, try, err)
	}
	return untold, err
}

// noteClock says when this machine's clock is so wrong that AWS will refuse
// what is signed by it.
func (a *Assumer) noteClock(seen observed) {
	if skew := seen.skew(); skew.Abs() > maxSkew {
		a.Note(fmt.Sprintf("this machine's clock is off by %s: AWS says it is %s, so it will refuse signed calls: set the clock",
			skew.Abs().Round(time.Second), seen.server.UTC().Format(time.RFC3339)))
	}
}
