package login

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
)

// redemption is the body of CreateOAuth2Token for a code
// (https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
type redemption struct {
	ClientID     string `json:"clientId"`
	GrantType    string `json:"grantType"`
	Code         string `json:"code"`
	CodeVerifier string `json:"codeVerifier"`
	RedirectURI  string `json:"redirectUri"`
}

func (s *SignIn) base() string { return strings.TrimSuffix(s.Endpoint, "/") }

// exchange redeems a code, which is good for one call.
func (s *SignIn) exchange(ctx context.Context, a *attempt, code creds.Secret) (*Grant, error) {
	client, err := s.Client()
	if err != nil {
		return nil, err
	}
	url := s.base() + "/v1/token"
	shown, err := proof(a.key, http.MethodPost, url, s.Now())
	if err != nil {
		return nil, err
	}
	var got answer
	err = client.JSON(ctx, bearer.Request{
		Method: http.MethodPost, URL: url, Header: http.Header{"DPoP": {shown.Reveal()}}, Once: true,
		Body: redemption{
			ClientID: a.client, GrantType: "authorization_code", Code: code.Reveal(),
			CodeVerifier: a.verifier.Reveal(), RedirectURI: a.redirect,
		},
	}, &got)
	if err != nil {
		return nil, s.failed(err)
	}
	if !got.complete() || got.RefreshToken == "" || got.TokenType == "" {
		return nil, s.again("the sign-in came to nothing: AWS Sign-In's answer holds no session")
	}
	g, err := s.grant(a, got)
	if err != nil {
		return nil, s.again("the sign-in came to nothing: %v", err)
	}
	return g, nil
}

// failed names why AWS redeemed no code. The rest stays what it is.
func (s *SignIn) failed(err error) error {
	err = bearer.OfAWS(err)
	var refusal *bearer.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	return s.refused(refusal).Because(err)
}

// refused reads the reasons of AccessDeniedException.
func (s *SignIn) refused(r *bearer.Refusal) *fault.Error {
	switch {
	case r.Reason == "AUTHCODE_EXPIRED" || r.Reason == "TOKEN_EXPIRED":
		return s.again("the sign-in took too long, or its code was used before")
	case r.Reason == "USER_CREDENTIALS_CHANGED":
		return s.again("the password was changed during the sign-in")
	case r.Reason == "INSUFFICIENT_PERMISSIONS":
		return s.fail("who signed in may not get credentials by signing in").
			Fix("have the policy SignInLocalDevelopmentAccess attached to the user or role")
	case r.Status == http.StatusTooManyRequests:
		return s.fail("AWS Sign-In limits how often it may be asked").Fix("sign in again in a minute with: %s", s.Command)
	}
	return s.fail("AWS Sign-In refused the sign-in: %v", r).
		Fix("sign in again with: %s", s.Command)
}
