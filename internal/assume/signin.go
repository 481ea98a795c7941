package assume

import (
	"context"
	"errors"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// ErrNobody says that nobody is there to sign in.
var ErrNobody = errors.New("nobody is there to sign in")

// signedIn reports whether a person has signed in because of an error, so
// that another try may do better; else it returns the error to show.
func (a *Assumer) signedIn(ctx context.Context, chain *profile.Chain, err error) (bool, error) {
	var told *fault.Error
	if a.SignIn == nil || !errors.As(err, &told) || !told.SignedOut {
		return false, err
	}
	a.Debug("signing in, because: %v", err)
	switch failed := a.SignIn(ctx, &chain.Source); {
	case failed == nil:
		return true, nil
	case !errors.Is(failed, ErrNobody):
		return false, failed
	}
	return false, err
}
