package assume

import (
	"context"
	"errors"
	"net/http"

	"assume-role/internal/bearer"
	"assume-role/internal/console"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// errNoToken says that an answer was without what had been asked for.
var errNoToken = errors.New("the answer holds no token")

// SigninToken asks the federation endpoint of the AWS console for a token that
// stands for credentials in a link. Where AWS refuses the request's Duration
// with these credentials, it is asked once more without one; whole is false
// then, and the sign-in lasts as long as the credentials. The chain is for
// messages and for its network settings. Errors are *fault.Error or
// fault.ErrInterrupted.
func (a *Assumer) SigninToken(ctx context.Context, chain *profile.Chain, site console.Site, r console.TokenRequest) (token creds.Secret, whole bool, err error) {
	endpoint := chain.Services["signin"]
	endpoint.URL = site.Federation()
	client, err := a.BearerClient(endpoint)
	if err != nil {
		return "", false, inProfile(*err.(*fault.Error), chain.Profile)
	}
	watched, seen := observe(ctx)
	token, err = signinToken(watched, client, endpoint.URL, r)
	whole = true
	if refused(err) && r.Duration > 0 {
		r.Duration, whole = 0, false
		token, err = signinToken(watched, client, endpoint.URL, r)
	}
	if err != nil {
		return "", false, a.consoleFault(ctx, chain, endpoint, *seen, err)
	}
	return token, whole, nil
}

// signinToken makes one call.
func signinToken(ctx context.Context, client *bearer.Client, address string, r console.TokenRequest) (creds.Secret, error) {
	var answer struct{ SigninToken string }
	err := client.JSON(ctx, bearer.Request{Method: http.MethodPost, URL: address, Form: r.Form()}, &answer)
	if err == nil && answer.SigninToken == "" {
		err = &bearer.Unreachable{Status: http.StatusOK, Err: errNoToken}
	}
	return creds.Secret(answer.SigninToken), err
}

// refused reports whether the endpoint said no to what it was sent. It says so
// on a page for people, without a name for it.
func refused(err error) bool {
	var refusal *bearer.Refusal
	return errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest
}

// consoleFault makes the one error of a token that could not be had.
func (a *Assumer) consoleFault(ctx context.Context, chain *profile.Chain, endpoint profile.Endpoint, seen observed, err error) error {
	var out *bearer.Unreachable
	var refusal *bearer.Refusal
	var told *fault.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled), errors.Is(err, fault.ErrInterrupted):
		return fault.ErrInterrupted
	case refused(err):
		return fault.New("", "AWS refused to sign these credentials in to the console").In(chain.Profile).
			Fix("they may have ended early or been revoked: get new ones with --refresh").Because(err)
	case errors.As(err, &refusal):
		out = &bearer.Unreachable{Host: refusal.Host, Status: refusal.Status, Err: err}
	case errors.As(err, &told):
		return told.In(chain.Profile)
	case !errors.As(err, &out):
		out = &bearer.Unreachable{Err: err}
	}
	w := walk{Assumer: a, chain: &profile.Chain{Source: profile.Source{Profile: chain.Profile}}}
	return w.unanswered("the sign-in to the console", endpoint, seen, out)
}
