package sso

import (
	"context"
	"strings"
	"unicode"
)

// question is the body of CreateToken
// (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html).
type question struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	GrantType    string `json:"grantType"`
	RefreshToken string `json:"refreshToken,omitempty"`
	DeviceCode   string `json:"deviceCode,omitempty"`
	Code         string `json:"code,omitempty"`
	CodeVerifier string `json:"codeVerifier,omitempty"`
	RedirectURI  string `json:"redirectUri,omitempty"`
}

// answer is what comes back; it is never printed.
type answer struct {
	AccessToken  string `json:"accessToken"`
	RefreshToken string `json:"refreshToken"`
	// ExpiresIn is in seconds.
	ExpiresIn int64 `json:"expiresIn"`
}

// longest is beyond what AWS gives a token, in seconds (90 days).
const longest = 90 * 24 * 60 * 60

// complete: the token has to fit into a header, and into the file.
func (a answer) complete() bool {
	return a.AccessToken != "" && !strings.ContainsFunc(a.AccessToken, unicode.IsControl) && a.ExpiresIn > 0 && a.ExpiresIn <= longest
}

// renew returns a token that is good enough, once one process refreshed it:
// this one, or the one that it waited for.
func (s *Session) renew(ctx context.Context, enough func(*token) bool) (*token, error) {
	lock, err := s.hold(ctx, s.refreshing())
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	t, err := s.load()
	switch {
	case err != nil:
		return nil, err
	case enough(t):
		return t, nil
	case !s.refreshable(t):
		return nil, s.ended("has expired")
	}
	fresh, err := s.refresh(ctx, t)
	if other := s.replaced(t); other != nil && enough(other) {
		return other, nil
	}
	if err != nil {
		return nil, err
	}
	s.save(fresh)
	return fresh, nil
}

// refresh asks AWS for the sign-in's next access token.
func (s *Session) refresh(ctx context.Context, t *token) (*token, error) {
	var a answer
	err := s.oidc(ctx, "/token", question{
		ClientID: t.text(clientID), ClientSecret: t.text(clientSecret),
		GrantType: "refresh_token", RefreshToken: t.text(refreshToken),
	}, false, &a)
	switch {
	case err != nil:
		return nil, s.notRefreshed(t, err)
	case !a.complete():
		return nil, s.incomplete("CreateToken")
	}
	return t.refreshed(a, s.Now()), nil
}
