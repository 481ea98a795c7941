package sso

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"assume-role/internal/loopback"
	"assume-role/internal/terminal"
)

// callback is the path of the redirect. It is registered without a port, and
// the sign-in then names the port of the listener (RFC 8252, section 7.3).
const callback = "/oauth/callback"

// byBrowser signs in with an authorization code, which is worth nothing
// without the verifier that this process keeps (RFC 7636).
func (s *Session) byBrowser(ctx context.Context, p Person, start string, l *loopback.Listener) (*token, error) {
	c, err := s.client(ctx, start, codeGrants())
	if err != nil {
		return nil, err
	}
	verifier, challenge := pkce()
	link := s.signInPage(c, l, challenge)
	p.Show(fmt.Sprintf("Sign in at %s in your browser. If it does not open, open this address on this machine:\n\n%s\n", s.name(), link))
	s.open(ctx, p, l.Page(link))
	done := p.Wait("the sign-in in the browser")
	code, err := l.Wait(ctx)
	done()
	if err != nil {
		return nil, s.notAnswered(ctx, err)
	}
	t, err := s.exchange(ctx, start, c, question{
		GrantType: codeGrants()[0], Code: code.Reveal(), CodeVerifier: verifier, RedirectURI: l.RedirectURI(),
	}, true)
	return t, s.notGranted("CreateToken", start, c, err)
}

// pkce makes a verifier and its challenge.
func pkce() (verifier, challenge string) {
	var b [48]byte
	_, _ = rand.Read(b[:]) // never fails
	verifier = base64.RawURLEncoding.EncodeToString(b[:])
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}

// signInPage is the page of the service that asks the person. The name of the
// parameter with the scopes is AWS's own.
func (s *Session) signInPage(c client, l *loopback.Listener, challenge string) string {
	return strings.TrimSuffix(s.OIDC, "/") + "/authorize?" + url.Values{
		"response_type": {"code"}, "client_id": {c.id}, "redirect_uri": {l.RedirectURI()}, "state": {l.State().Reveal()},
		"code_challenge_method": {"S256"}, "code_challenge": {challenge}, "scopes": {strings.Join(c.scopes, " ")},
	}.Encode()
}

// open shows an address in a browser. Where that fails, the address that was
// told does as well.
func (s *Session) open(ctx context.Context, p Person, address string) {
	if p.Open == nil {
		return
	}
	if err := p.Open(ctx, address); err != nil && ctx.Err() == nil {
		p.Show(fmt.Sprintf("No browser could be started (%v): open the address yourself.", err))
	}
}

// notAnswered says why no code came.
func (s *Session) notAnswered(ctx context.Context, err error) error {
	var refused *loopback.Refusal
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &refused) && refused.Code == "access_denied":
		return s.denied().Because(err)
	case errors.As(err, &refused):
		return s.signedOut("the sign-in at %s failed in the browser: %s", s.name(), terminal.Visible(refused.Error())).Because(err)
	case errors.Is(err, loopback.ErrState):
		return s.signedOut("the sign-in at %s was given up: an answer came that is not to it (wrong state), from an old page or from somebody else", s.name()).Because(err)
	case errors.Is(err, loopback.ErrNoAnswer):
		return s.signedOut("nobody signed in at %s within %s", s.name(), loopback.MaxWait).Because(err)
	}
	return s.signedOut("the sign-in at %s failed: %v", s.name(), err).Because(err)
}
