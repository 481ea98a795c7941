package cmd

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/profile"
	"assume-role/internal/server"
)

// standing is a profile whose sessions are renewed for as long as a server
// runs. Its chain is the one of the start, whatever becomes of the config.
type standing struct {
	*session
	app *app
	// policy is what a session must have left; Refresh is for the first only.
	policy cache.Policy
	// first is the session of the start, until it is handed over.
	first atomic.Pointer[firstSession]
}

// firstSession is a session, and the generation of the index when it was made.
type firstSession struct {
	creds.Credentials
	generation int64
}

// stand makes a profile's first session and asks for what a person has to say
// to it. From then on it is renewed within ctx, where nobody may be there.
func (a *app) stand(ctx context.Context, name string, f *credentialFlags, purpose ...string) (*standing, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, err
	}
	policy, err := cachePolicy(f, settings, ttlForSDKs)
	if err != nil {
		return nil, err
	}
	generation := a.generation()
	first, err := a.session(ctx, name, f, ttlForSDKs)
	if err != nil {
		return nil, err
	}
	if !first.credentials.Temporary() {
		return nil, fault.New(fault.InvalidValue, "it gives long-lived keys, which a credential server does not hand out").
			In(first.chain.Profile).Fix("leave out --no-session-token, set session_token = always in the profile, or give it a role_arn")
	}
	if err := a.confirmed(ctx, first, purpose...); err != nil {
		return nil, err
	}
	policy.Refresh = false
	s := &standing{session: first, app: a, policy: policy}
	s.first.Store(&firstSession{first.credentials, generation})
	return s, nil
}

// generation is that of the index of sessions; 0 where there is none.
func (a *app) generation() int64 {
	index, err := a.index()
	if err != nil {
		return 0
	}
	return index.Generation()
}

// renew makes or finds a session with at least ttl left. It may be called from
// several goroutines.
func (s *standing) renew(ctx context.Context, ttl time.Duration) (creds.Credentials, error) {
	if first := s.first.Swap(nil); first != nil && first.generation == s.app.generation() {
		return first.Credentials, nil
	}
	policy := s.policy
	if ttl > policy.MinTTL {
		policy.MinTTL, policy.Explicit = ttl, false
	}
	now := *s.session
	var err error
	if now.credentials, err = s.assumer.CredentialsFor(ctx, s.chain, policy); err == nil {
		err = now.checkAccount(ctx)
	}
	if err != nil {
		return creds.Credentials{}, s.told(err)
	}
	return now.credentials, nil
}

// told says of an error that a terminal would have kept away how to do without
// one: the server takes from the session cache what another command puts there.
func (s *standing) told(err error) error {
	var f *fault.Error
	if !errors.Is(err, errNoTerminal) || errors.Is(err, keystore.ErrLocked) || !errors.As(err, &f) {
		return err
	}
	told := *f
	told.Hint = "run `assume-role warm " + s.chain.Profile + "` in another terminal, or have the code come without one: mfa_process, or --mfa-prompt with a dialog"
	return &told
}

// lifetime is how long a new session lasts, or 0 where the source says it.
func (s *standing) lifetime() time.Duration {
	if n := len(s.chain.Calls); n > 0 {
		return s.chain.Calls[n-1].Duration
	}
	return 0
}

// roleARN is the role of the sessions, or "".
func (s *standing) roleARN() string {
	if n := len(s.chain.Calls); n > 0 && s.chain.Calls[n-1].Kind == profile.AssumeRole {
		return s.chain.Calls[n-1].RoleARN
	}
	return ""
}

// served is the profile as the server hands it out, behind a token of its own.
func (s *standing) served() server.Profile {
	var least time.Duration
	if s.policy.Explicit {
		least = s.policy.MinTTL
	}
	return server.Profile{
		MinTTL: least,
		Name:   s.chain.Profile, Token: newToken(), Path: pathOf(s.chain.Profile),
		RoleARN: s.roleARN(), Region: s.chain.Region, Lifetime: s.lifetime(), Credentials: s.renew,
	}
}

// newToken is a bearer token that nobody guesses: 256 bits.
func newToken() creds.Secret {
	var raw [32]byte
	_, _ = rand.Read(raw[:]) // it never fails
	return creds.Secret(hex.EncodeToString(raw[:]))
}

// pathOf is where a profile's credentials are, in characters that no client
// writes in another way. AWS's own are at such a path.
func pathOf(name string) string {
	return "/role/" + strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '-'
	}, name)
}
