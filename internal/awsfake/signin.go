package awsfake

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"time"
)

const (
	// loginLifetime is how long `aws login`'s credentials last, loginMax how
	// long they can be refreshed
	// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html).
	loginLifetime = 15 * time.Minute
	loginMax      = 12 * time.Hour
)

// The client ids of the development tools.
const (
	sameDevice  = "arn:aws:signin:::devtools/same-device"
	crossDevice = "arn:aws:signin:::devtools/cross-device"
)

// signin is AWS Sign-In, the service behind `aws login`
// (https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
// Its pages are in signin_pages.go: a browser that nobody describes with
// SetConsole has nobody signed in.
type signin struct{ world *world }

func newSignin(w *world) *signin { return &signin{w} }

func (s *signin) action(r *request) (string, bool) {
	if page, ok := s.pages()[r.URL.Path]; ok {
		return page.name, true
	}
	return "CreateOAuth2Token", r.URL.Path == "/v1/token"
}

// loginRequest is the body of a call, for either grant.
type loginRequest struct {
	clientID, grantType, refreshToken string
	code, codeVerifier, redirectURI   string
}

// loginAnswer is the body of its answer; only a code's has an idToken.
type loginAnswer struct {
	AccessToken  loginKeys `json:"accessToken"`
	TokenType    string    `json:"tokenType"`
	ExpiresIn    int       `json:"expiresIn"`
	RefreshToken string    `json:"refreshToken"`
	IDToken      string    `json:"idToken,omitempty"`
}

// loginKeys are credentials as Sign-In spells them.
type loginKeys struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
	SessionToken    string `json:"sessionToken"`
}

// loginError is a refusal: the name of the exception and OAuth's reason.
type loginError struct {
	apiError
	reason string
}

func invalidLogin(message string) error {
	return &loginError{apiError{400, "ValidationException", message}, "INVALID_REQUEST"}
}

// deniedLogin is an AccessDeniedException, whose status depends on the reason.
func deniedLogin(reason string) error {
	status := http.StatusForbidden
	if reason == "TOKEN_EXPIRED" || reason == "AUTHCODE_EXPIRED" {
		status = http.StatusUnauthorized
	}
	return &loginError{apiError{status, "AccessDeniedException", "Access is denied."}, reason}
}

// throttled is a service's "not so fast".
func (s *signin) throttled() answer {
	a := jsonPage(http.StatusTooManyRequests, map[string]string{"error": "TOO_MANY_REQUESTS", "message": "Too many requests."})
	a.code = "TooManyRequestsError"
	return a
}

func (s *signin) answer(r *request, _ string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	if page, ok := s.pages()[r.URL.Path]; ok {
		return page.show(r)
	}
	got, err := s.createToken(r)
	var refusal *loginError
	if !errors.As(err, &refusal) {
		return jsonPage(http.StatusOK, got)
	}
	a := jsonPage(refusal.status, map[string]string{"error": refusal.reason, "message": refusal.message})
	a.code = refusal.code
	return a
}

// createToken is the one call. Whatever the grant, a proof of a key comes with
// it.
func (s *signin) createToken(r *request) (loginAnswer, error) {
	asked, err := readLogin(r)
	if err != nil {
		return loginAnswer{}, err
	}
	thumbprint, err := s.world.proven(r)
	if err != nil {
		return loginAnswer{}, err
	}
	if asked.grantType == "authorization_code" {
		return s.exchange(asked, thumbprint)
	}
	return s.refresh(asked, thumbprint)
}

// refresh gives new credentials and a new refresh token for one that was not
// used before, to whoever has the key that it is bound to.
func (s *signin) refresh(asked loginRequest, thumbprint string) (loginAnswer, error) {
	session := s.world.logins[asked.refreshToken]
	switch now := s.world.clock.now(); {
	case session == nil, !now.Before(session.began.Add(loginMax)):
		return loginAnswer{}, deniedLogin("TOKEN_EXPIRED")
	case session.clientID != asked.clientID:
		return loginAnswer{}, invalidLogin("The refresh token was issued to another client.")
	case session.thumbprint != thumbprint:
		return loginAnswer{}, invalidLogin("The DPoP proof is of another key than the refresh token's.")
	case session.ended != "":
		return loginAnswer{}, deniedLogin(session.ended)
	}
	delete(s.world.logins, asked.refreshToken)
	return s.tokens(session), nil
}

// tokens are a session's next credentials and refresh token.
func (s *signin) tokens(session *loginSession) loginAnswer {
	k := s.world.issue(session.who, loginLifetime)
	return loginAnswer{
		AccessToken: loginKeys{k.id, k.secret, k.token}, TokenType: "aws_sigv4",
		ExpiresIn: int(loginLifetime / time.Second), RefreshToken: s.world.bind(session),
	}
}

// readLogin reads the request, whose members have one spelling only.
func readLogin(r *request) (loginRequest, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var body map[string]string
	switch {
	case r.Method != http.MethodPost:
		return loginRequest{}, &loginError{apiError{404, "UnknownOperationException", ""}, ""}
	case err != nil || kind != "application/json":
		return loginRequest{}, invalidLogin("The content type must be application/json.")
	case json.Unmarshal(r.body, &body) != nil:
		return loginRequest{}, invalidLogin("The body is not a JSON object of strings.")
	}
	asked := loginRequest{
		clientID: body["clientId"], grantType: body["grantType"], refreshToken: body["refreshToken"],
		code: body["code"], codeVerifier: body["codeVerifier"], redirectURI: body["redirectUri"],
	}
	return asked, asked.check(len(body))
}

// check holds a request to the members of its grant, and no others, and to
// their lengths.
func (r loginRequest) check(members int) error {
	grants := map[string]int{"refresh_token": 3, "authorization_code": 5}
	switch {
	case !isLoginClient(r.clientID):
		return invalidLogin("clientId is not one of the development tools'.")
	case grants[r.grantType] == 0:
		return invalidLogin("grantType must be authorization_code or refresh_token.")
	case members != grants[r.grantType]:
		return invalidLogin("The body has members that the grant does not have, or lacks some.")
	case r.grantType == "refresh_token" && (r.refreshToken == "" || len(r.refreshToken) > 2048):
		return invalidLogin("refreshToken must have 1 to 2048 characters.")
	case r.grantType == "authorization_code" && (r.code == "" || len(r.code) > 512 || r.redirectURI == "" || len(r.redirectURI) > 2048):
		return invalidLogin("code must have 1 to 512 characters, redirectUri 1 to 2048.")
	}
	return nil
}

func isLoginClient(id string) bool { return id == sameDevice || id == crossDevice }
