package awsfake

import (
	"errors"
	"net/http"
	"strings"
)

// sso is the portal of IAM Identity Center
// (https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference). Under
// the path /elsewhere it is the portal of a region that has no instance.
type sso struct{ world *world }

func newSso(w *world) *sso { return &sso{w} }

const elsewhere = "/elsewhere"

// portalRoute is how a call of the portal is asked for.
type portalRoute struct{ method, path, action string }

func portalRoutes() []portalRoute {
	return []portalRoute{
		{http.MethodGet, "/federation/credentials", "GetRoleCredentials"},
		{http.MethodGet, "/assignment/accounts", "ListAccounts"},
		{http.MethodGet, "/assignment/roles", "ListAccountRoles"},
		{http.MethodPost, "/logout", "Logout"},
	}
}

func (s *sso) action(r *request) (string, bool) {
	for _, route := range portalRoutes() {
		if strings.TrimPrefix(r.URL.Path, elsewhere) == route.path && r.Method == route.method {
			return route.action, true
		}
	}
	return "", false
}

func (s *sso) answer(r *request, action string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	token, err := s.signedIn(r)
	if err != nil {
		return jsonAnswer(nil, err)
	}
	return jsonAnswer(map[string]func(*request, *accessToken) (any, error){
		"GetRoleCredentials": s.credentials, "ListAccounts": s.accounts, "ListAccountRoles": s.roles, "Logout": s.logout,
	}[action](r, token))
}

// throttled is the portal's "not so fast".
func (s *sso) throttled() answer {
	return jsonAnswer(nil, &apiError{429, "TooManyRequestsException", "Rate exceeded"})
}

// signedIn finds the access token, which is in its own header and nowhere else.
func (s *sso) signedIn(r *request) (*accessToken, error) {
	text := r.Header.Get("X-Amz-Sso_bearer_token")
	token := s.world.center.access[text]
	switch {
	case strings.HasPrefix(r.URL.Path, elsewhere), text == "", r.Header.Get("Authorization") != "":
		return nil, &apiError{400, "InvalidRequestException", "The request is not valid"}
	case token == nil || !s.world.clock.now().Before(token.expires):
		return nil, &apiError{401, "UnauthorizedException", "Session token not found or invalid"}
	case r.deny:
		return nil, noAccess()
	}
	return token, s.world.center.rate.take(s.world.clock.now())
}

func noAccess() error { return &apiError{403, "ForbiddenException", "No access"} }

// credentials are of the role's session, which has the user's name.
func (s *sso) credentials(r *request, token *accessToken) (any, error) {
	account, name := r.form.Get("account_id"), r.form.Get("role_name")
	if len(account) != 12 || name == "" {
		return nil, &apiError{400, "InvalidRequestException", "account_id and role_name are required"}
	}
	for _, a := range s.world.center.assigned {
		if a.user == token.user && a.account == account && a.role == name {
			k := s.world.issue(a.provisioned.session(token.user, "", nil), a.lifetime)
			return map[string]any{"roleCredentials": map[string]any{
				"accessKeyId": k.id, "secretAccessKey": k.secret, "sessionToken": k.token, "expiration": k.expires.UnixMilli(),
			}}, nil
		}
	}
	return nil, noAccess()
}

// logout ends the token that it is called with; what it gave lives on.
func (s *sso) logout(r *request, _ *accessToken) (any, error) {
	delete(s.world.center.access, r.Header.Get("X-Amz-Sso_bearer_token"))
	return map[string]any{}, nil
}

// jsonAnswer is an answer of the restJson1 protocol, a refusal if err is one.
func jsonAnswer(v any, err error) answer {
	var refusal *apiError
	if !errors.As(err, &refusal) {
		return jsonPage(http.StatusOK, v)
	}
	a := jsonPage(refusal.status, map[string]string{"__type": "com.amazonaws.switchboard.portal#" + refusal.code, "message": refusal.message})
	a.code = refusal.code
	return a
}
