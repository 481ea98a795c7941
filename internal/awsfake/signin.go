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

// loginClients begins the client ids of the development tools.
const loginClients = "arn:aws:signin:::devtools/"

// signin is AWS Sign-In, the service behind `aws login`
// (https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html).
// Of its one call it knows the refresh; signing in takes a browser.
type signin struct{ world *world }

func newSignin(w *world) *signin { return &signin{w} }

func (s *signin) action(r *request) (string, bool) {
	return "CreateOAuth2Token", r.URL.Path == "/v1/token"
}

// loginRequest is the body of a refresh.
type loginRequest struct{ clientID, grantType, refreshToken string }

// loginAnswer is the body of its answer; there is no idToken in it.
type loginAnswer struct {
	AccessToken  loginKeys `json:"accessToken"`
	TokenType    string    `json:"tokenType"`
	ExpiresIn    int       `json:"expiresIn"`
	RefreshToken string    `json:"refreshToken"`
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
	if reason == "TOKEN_EXPIRED" {
		status = http.StatusUnauthorized
	}
	return &loginError{apiError{status, "AccessDeniedException", "Access is denied."}, reason}
}

func (s *signin) answer(r *request, _ string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	got, err := s.refresh(r)
	var refusal *loginError
	if !errors.As(err, &refusal) {
		return jsonPage(http.StatusOK, got)
	}
	a := jsonPage(refusal.status, map[string]string{"error": refusal.reason, "message": refusal.message})
	a.code = refusal.code
	return a
}

// refresh gives new credentials and a new refresh token for one that was not
// used before, to whoever has the key that it is bound to.
func (s *signin) refresh(r *request) (loginAnswer, error) {
	asked, err := readLogin(r)
	if err != nil {
		return loginAnswer{}, err
	}
	thumbprint, err := s.world.proven(r)
	if err != nil {
		return loginAnswer{}, err
	}
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
	k := s.world.issue(session.who, loginLifetime)
	return loginAnswer{
		AccessToken: loginKeys{k.id, k.secret, k.token}, TokenType: "aws_sigv4",
		ExpiresIn: int(loginLifetime / time.Second), RefreshToken: s.world.bind(session),
	}, nil
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
	asked := loginRequest{clientID: body["clientId"], grantType: body["grantType"], refreshToken: body["refreshToken"]}
	switch {
	case asked.clientID != loginClients+"same-device" && asked.clientID != loginClients+"cross-device":
		return loginRequest{}, invalidLogin("clientId is not one of the development tools'.")
	case asked.grantType != "refresh_token":
		return loginRequest{}, invalidLogin("grantType must be refresh_token here.")
	case asked.refreshToken == "" || len(asked.refreshToken) > 2048:
		return loginRequest{}, invalidLogin("refreshToken must have 1 to 2048 characters.")
	}
	return asked, nil
}
