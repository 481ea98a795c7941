package awsfake

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// codeLifetime is how long an authorization code waits for its exchange.
const codeLifetime = 10 * time.Minute

// codeGrant is an authorization code, good for one exchange.
type codeGrant struct {
	client, user        string
	redirect, challenge string
	expires             time.Time
}

// SetBrowser says who is signed in at the access portal in the browser that
// opens an authorization page, or with "" that the person there refuses.
func (f *Fake) SetBrowser(user string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.browser = user
}

// AskInBrowser has the authorization page wait for a click on Allow or Deny, so
// that a real browser can be driven. Otherwise the person answers at once.
func (f *Fake) AskInBrowser() {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	f.world.center.asks = true
}

// authorize is the page that a browser opens for a sign-in with PKCE (RFC
// 7636). When the person has answered, the browser is sent on to the program
// that waits on loopback (RFC 8252, section 7.3).
func (s *oidc) authorize(r *request) answer {
	q := r.URL.Query()
	if refusal := s.authorizable(q); refusal != nil {
		return oidcAnswer(nil, refusal)
	}
	if !s.world.center.asks {
		return s.sendBack(q, s.world.center.browser != "")
	}
	name := randomText(22, idAlphabet)
	s.world.center.pages[name] = q
	return answer{status: http.StatusOK, contentType: "text/html; charset=utf-8", requestID: newRequestID(), body: fmt.Appendf(nil, askingPage, answerPath, name)}
}

// answerPath takes the click.
const answerPath = "/authorize/answer"

const askingPage = `<!doctype html><html lang=en><title>Allow access?</title><h1>Allow access to your data?</h1>
<form method=post action=%s><input type=hidden name=page value=%s>
<button id=allow name=answer value=allow>Allow</button> <button id=deny name=answer value=deny>Deny</button></form></html>
`

// answerPage does what the person clicked on, once.
func (s *oidc) answerPage(r *request) answer {
	name := r.form.Get("page")
	q := s.world.center.pages[name]
	delete(s.world.center.pages, name)
	if q == nil {
		return oidcAnswer(nil, oidcError(400, "InvalidRequestException", "invalid_request"))
	}
	return s.sendBack(q, r.form.Get("answer") == "allow" && s.world.center.browser != "")
}

// sendBack sends the browser back with a code, or with a refusal.
func (s *oidc) sendBack(q url.Values, allowed bool) answer {
	back, _ := url.Parse(q.Get("redirect_uri")) // it was compared with a registered one
	answers := url.Values{"state": {q.Get("state")}}
	if allowed {
		code := s.world.secret(120)
		s.world.center.codes[code] = &codeGrant{
			client: q.Get("client_id"), user: s.world.center.browser, redirect: q.Get("redirect_uri"), challenge: q.Get("code_challenge"),
			expires: s.world.clock.now().Add(codeLifetime),
		}
		answers.Set("code", code)
	} else {
		answers.Set("error", "access_denied")
	}
	back.RawQuery = answers.Encode()
	return answer{status: http.StatusSeeOther, requestID: newRequestID(), extra: http.Header{"Location": {back.String()}}}
}

// authorizable checks what the page is asked for; the scopes' name is AWS's.
func (s *oidc) authorizable(q url.Values) *apiError {
	c := s.world.center.clients[q.Get("client_id")]
	challenge, err := base64.RawURLEncoding.DecodeString(q.Get("code_challenge"))
	switch {
	case c == nil:
		return oidcError(401, "InvalidClientException", "invalid_client")
	case !slices.Contains(c.grants, "authorization_code"):
		return oidcError(400, "UnauthorizedClientException", "unauthorized_client")
	case !slices.Contains(c.redirects, portless(q.Get("redirect_uri"))):
		return oidcError(400, "InvalidRedirectUriException", "invalid_redirect_uri")
	case !within(strings.Fields(q.Get("scopes")), c.scopes):
		return oidcError(400, "InvalidScopeException", "invalid_scope")
	case q.Get("response_type") != "code", q.Get("state") == "", q.Get("scopes") == "",
		q.Get("code_challenge_method") != "S256", err != nil, len(challenge) != sha256.Size:
		return oidcError(400, "InvalidRequestException", "invalid_request")
	}
	return nil
}

// within reports whether every one of some scopes is among those allowed.
func within(scopes, allowed []string) bool {
	return !slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(allowed, scope) })
}

// portless is a loopback address as it is registered; "" for any other.
func portless(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" || u.Hostname() != "127.0.0.1" || u.Port() == "" {
		return ""
	}
	u.Host = u.Hostname()
	return u.String()
}

// byCode takes each code once, from whoever knows what its challenge hides.
func (s *oidc) byCode(r oidcRequest) (any, *apiError) {
	g := s.world.center.codes[r.Code]
	delete(s.world.center.codes, r.Code)
	sum := sha256.Sum256([]byte(r.CodeVerifier))
	switch {
	case g == nil, g.client != r.ClientID, g.redirect != r.RedirectURI,
		len(r.CodeVerifier) < 43, strings.TrimRight(g.challenge, "=") != base64.RawURLEncoding.EncodeToString(sum[:]):
		return nil, oidcError(400, "InvalidGrantException", "invalid_grant")
	case !s.world.clock.now().Before(g.expires):
		return nil, oidcError(400, "ExpiredTokenException", "expired_token")
	}
	return s.signedIn(g.user, r.ClientID), nil
}
