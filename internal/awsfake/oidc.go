package awsfake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// oidc is the OpenID Connect service of IAM Identity Center
// (https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference). Its
// authorization page is answered by the browser that SetBrowser describes.
type oidc struct{ world *world }

func newOidc(w *world) *oidc { return &oidc{w} }

func oidcPaths() map[string]string {
	return map[string]string{"/token": "CreateToken", "/client/register": "RegisterClient", "/device_authorization": "StartDeviceAuthorization"}
}

func (s *oidc) action(r *request) (string, bool) {
	switch {
	case r.URL.Path == "/authorize" && r.Method == http.MethodGet:
		return "Authorize", true
	case r.URL.Path == answerPath && r.Method == http.MethodPost:
		return "AnswerAuthorize", true
	}
	action, ok := oidcPaths()[r.URL.Path]
	return action, ok && r.Method == http.MethodPost
}

// oidcRequest has the members of all calls.
type oidcRequest struct {
	ClientID     string   `json:"clientId"`
	ClientSecret string   `json:"clientSecret"`
	ClientName   string   `json:"clientName"`
	ClientType   string   `json:"clientType"`
	GrantType    string   `json:"grantType"`
	RefreshToken string   `json:"refreshToken"`
	DeviceCode   string   `json:"deviceCode"`
	Code         string   `json:"code"`
	CodeVerifier string   `json:"codeVerifier"`
	RedirectURI  string   `json:"redirectUri"`
	StartURL     string   `json:"startUrl"`
	Scopes       []string `json:"scopes"`
	GrantTypes   []string `json:"grantTypes"`
	RedirectURIs []string `json:"redirectUris"`
	IssuerURL    string   `json:"issuerUrl"`
}

func (s *oidc) answer(r *request, action string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	switch action {
	case "Authorize":
		return s.authorize(r)
	case "AnswerAuthorize":
		return s.answerPage(r)
	}
	var asked oidcRequest
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || json.Unmarshal(r.body, &asked) != nil || r.Header.Get("Authorization") != "" {
		return oidcAnswer(nil, oidcError(400, "InvalidRequestException", "invalid_request"))
	}
	if r.deny {
		return oidcAnswer(nil, oidcError(400, "AccessDeniedException", "access_denied"))
	}
	return oidcAnswer(map[string]func(oidcRequest) (any, *apiError){
		"CreateToken": s.createToken, "RegisterClient": s.registerClient, "StartDeviceAuthorization": s.startDevice,
	}[action](asked))
}

// throttled is a service's "not so fast", which OAuth spells its own way.
func (s *oidc) throttled() answer {
	return oidcAnswer(nil, oidcError(429, "TooManyRequestsException", "too_many_requests"))
}

// oidcError is a refusal by its two names.
func oidcError(status int, code, reason string) *apiError { return &apiError{status, code, reason} }

// oidcAnswer names an error in a header, and OAuth's name of it in the body.
func oidcAnswer(v any, refusal *apiError) answer {
	if refusal == nil {
		return jsonPage(http.StatusOK, v)
	}
	a := jsonPage(refusal.status, map[string]string{"error": refusal.message, "error_description": refusal.code})
	a.code = refusal.code
	return a
}

func (s *oidc) registerClient(r oidcRequest) (any, *apiError) {
	if r.ClientName == "" || r.ClientType != "public" {
		return nil, oidcError(400, "InvalidClientMetadataException", "invalid_client_metadata")
	}
	if err := r.comesBack(); err != nil {
		return nil, err
	}
	id, c := s.world.newClient()
	c.grants, c.redirects, c.scopes = r.GrantTypes, r.RedirectURIs, r.Scopes
	return map[string]any{
		"clientId": id, "clientSecret": c.secret,
		"clientIdIssuedAt": s.world.clock.now().Unix(), "clientSecretExpiresAt": c.expires.Unix(),
	}, nil
}

// comesBack checks what only a client with an authorization code registers:
// where the browser comes back to, without a port, and whose portal it is.
func (r oidcRequest) comesBack() *apiError {
	if !slices.Contains(r.GrantTypes, "authorization_code") {
		return nil
	}
	for _, uri := range r.RedirectURIs {
		if u, err := url.Parse(uri); err != nil || u.Scheme != "http" || u.Host != "127.0.0.1" {
			return oidcError(400, "InvalidRedirectUriException", "invalid_redirect_uri")
		}
	}
	if len(r.RedirectURIs) == 0 || !strings.HasPrefix(r.IssuerURL, "https://") {
		return oidcError(400, "InvalidRequestException", "invalid_request")
	}
	return nil
}

// client checks who asks: a client of this instance, within its time.
func (s *oidc) client(r oidcRequest) *apiError {
	c := s.world.center.clients[r.ClientID]
	if c == nil || c.secret != r.ClientSecret || !s.world.clock.now().Before(c.expires) {
		return oidcError(401, "InvalidClientException", "invalid_client")
	}
	return nil
}

func (s *oidc) startDevice(r oidcRequest) (any, *apiError) {
	if err := s.client(r); err != nil {
		return nil, err
	}
	if !strings.HasPrefix(r.StartURL, "https://") {
		return nil, oidcError(400, "InvalidRequestException", "invalid_request")
	}
	code, user := s.world.secret(120), randomText(4, idAlphabet)+"-"+randomText(4, idAlphabet)
	s.world.center.devices[code] = &deviceGrant{client: r.ClientID, user: s.world.center.quick, expires: s.world.clock.now().Add(deviceCodeLifetime)}
	page := strings.TrimSuffix(r.StartURL, "/start") + "/start/#/device"
	return map[string]any{
		"deviceCode": code, "userCode": user, "verificationUri": page, "verificationUriComplete": page + "?user_code=" + user,
		"expiresIn": int(deviceCodeLifetime / time.Second), "interval": int(s.world.center.interval / time.Second),
	}, nil
}

func (s *oidc) createToken(r oidcRequest) (any, *apiError) {
	if err := s.client(r); err != nil {
		return nil, err
	}
	switch r.GrantType {
	case "refresh_token":
		return s.byRefreshToken(r)
	case "urn:ietf:params:oauth:grant-type:device_code":
		return s.byDeviceCode(r)
	case "authorization_code":
		return s.byCode(r)
	}
	return nil, oidcError(400, "UnsupportedGrantTypeException", "unsupported_grant_type")
}

// byRefreshToken takes each refresh token once, unless it is a fixed one.
func (s *oidc) byRefreshToken(r oidcRequest) (any, *apiError) {
	token := s.world.center.refresh[r.RefreshToken]
	if token == nil || token.client != r.ClientID {
		return nil, oidcError(400, "InvalidGrantException", "invalid_grant")
	}
	next := ""
	if !token.fixed {
		delete(s.world.center.refresh, r.RefreshToken)
		next = s.world.newRefreshToken(*token)
	}
	return s.tokens(token.user, next), nil
}

// byDeviceCode is polled until the person has answered.
func (s *oidc) byDeviceCode(r oidcRequest) (any, *apiError) {
	d, now := s.world.center.devices[r.DeviceCode], s.world.clock.now()
	if d == nil || d.client != r.ClientID {
		return nil, oidcError(400, "InvalidGrantException", "invalid_grant")
	}
	early := now.Before(d.pollAgain)
	d.pollAgain = now.Add(s.world.center.interval)
	switch {
	case !now.Before(d.expires):
		return nil, oidcError(400, "ExpiredTokenException", "expired_token")
	case d.denied:
		return nil, oidcError(400, "AccessDeniedException", "access_denied")
	case early:
		return nil, oidcError(400, "SlowDownException", "slow_down")
	case d.user == "":
		return nil, oidcError(400, "AuthorizationPendingException", "authorization_pending")
	}
	delete(s.world.center.devices, r.DeviceCode)
	return s.signedIn(d.user, r.ClientID), nil
}

// signedIn is the answer to a sign-in. Only a client that registered for
// scopes can refresh its token.
func (s *oidc) signedIn(user, client string) map[string]any {
	refresh := ""
	if len(s.world.center.clients[client].scopes) > 0 {
		refresh = s.world.newRefreshToken(refreshToken{user: user, client: client})
	}
	return s.tokens(user, refresh)
}

// tokens is CreateToken's answer; it has no refresh token where that stays.
func (s *oidc) tokens(user, refresh string) map[string]any {
	access, _ := s.world.newAccessToken(user, accessTokenLifetime)
	m := map[string]any{"accessToken": access, "tokenType": "Bearer", "expiresIn": int(accessTokenLifetime / time.Second)}
	if refresh != "" {
		m["refreshToken"] = refresh
	}
	return m
}
