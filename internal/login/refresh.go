package login

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"

	"assume-role/internal/bearer"
	"assume-role/internal/creds"
)

// turns bounds how often a refresh begins again because the file was replaced
// in the meantime.
const turns = 2

// renew returns the session as it is once one process refreshed it: this one,
// or the one that it waited for. seen is what the file held before. Beside an
// error comes what the file holds now, or nil.
func (s *Session) renew(ctx context.Context, seen *record, need Need) (*record, error) {
	lock, err := s.lock(ctx, s.refreshing())
	if err != nil {
		return seen, err
	}
	defer lock.Release()
	for turn := 1; ; turn++ {
		current, err := s.load()
		if err != nil {
			return nil, err
		}
		if !current.same(seen) && current.lasts(need, s.Now()) {
			return current, nil
		}
		fresh, err := s.refresh(ctx, current)
		if turn < turns && s.replaced(current) {
			seen = current
			continue
		}
		if err != nil {
			return current, err
		}
		s.save(fresh)
		return fresh, nil
	}
}

// question is the body of CreateOAuth2Token
// (https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
type question struct {
	ClientID     string `json:"clientId"`
	GrantType    string `json:"grantType"`
	RefreshToken string `json:"refreshToken"`
}

// answer is what comes back; it is never printed.
type answer struct {
	AccessToken struct {
		AccessKeyID     string `json:"accessKeyId"`
		SecretAccessKey string `json:"secretAccessKey"`
		SessionToken    string `json:"sessionToken"`
	} `json:"accessToken"`
	// ExpiresIn is in seconds.
	ExpiresIn    int64  `json:"expiresIn"`
	RefreshToken string `json:"refreshToken"`
	// TokenType and IDToken count where a session begins.
	TokenType string `json:"tokenType"`
	IDToken   string `json:"idToken"`
}

func (a answer) complete() bool {
	t := a.AccessToken
	return fits(t.AccessKeyID) && fits(t.SecretAccessKey) && fits(t.SessionToken) &&
		a.ExpiresIn > 0 && a.ExpiresIn <= int64(12*time.Hour/time.Second)
}

// fits reports whether a part of credentials can be one: a header or a variable
// has to carry it.
func fits(text string) bool { return text != "" && !strings.ContainsFunc(text, unicode.IsControl) }

// refresh gets the session's next credentials. What can fail without AWS comes
// first, because the refresh token is good for one use.
func (s *Session) refresh(ctx context.Context, current *record) (*record, error) {
	key, err := parseKey(creds.Secret(current.whole.text(dpopKey)))
	if err != nil {
		return nil, s.damaged(err)
	}
	if err := s.writable(len(current.file)); err != nil {
		return nil, s.unwritable(err)
	}
	a, err := s.ask(ctx, current, key)
	switch {
	case err != nil:
		return nil, s.failed(err)
	case !a.complete():
		return nil, s.incomplete()
	}
	return current.with(a, s.Now())
}

// ask makes the one call, with a proof that the key is at hand.
func (s *Session) ask(ctx context.Context, current *record, key *ecdsa.PrivateKey) (a answer, err error) {
	client, err := s.Client()
	if err != nil {
		return answer{}, err
	}
	url := strings.TrimSuffix(s.Endpoint, "/") + "/v1/token"
	shown, err := proof(key, http.MethodPost, url, s.Now())
	if err != nil {
		return answer{}, s.damaged(err)
	}
	ctx, cancel := unhurried(ctx)
	defer cancel()
	err = client.JSON(ctx, bearer.Request{
		Method: http.MethodPost, URL: url, Header: http.Header{"DPoP": {shown.Reveal()}}, Once: true,
		Body: question{ClientID: current.whole.text(clientID), GrantType: "refresh_token", RefreshToken: current.whole.text(refreshToken)},
	}, &a)
	return a, err
}

// grace is what a request that is on its way gets when a person presses
// Ctrl-C: its answer may hold the only refresh token that is still good.
const grace = 2 * time.Second

// unhurried is ctx, which ends a little later when it is cancelled.
func unhurried(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return late, func() { stop(); cancel() }
}

// Spent reports whether an error of Credentials leaves open whether AWS used
// the refresh token up: the request may have arrived, and its answer did not.
func Spent(err error) bool {
	var u *bearer.Unreachable
	return errors.As(err, &u) && u.Status < http.StatusBadRequest && !bearer.Unsent(u)
}
