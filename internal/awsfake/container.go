package awsfake

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"assume-role/internal/creds"
)

// ContainerRole is a role that a container gets credentials of.
type ContainerRole struct {
	// Role is the role's ARN.
	Role string
	// Path is where the endpoint has the credentials: below /v2/credentials/,
	// as ECS has them, or /v1/credentials, as EKS Pod Identity has. Default: a
	// random one of ECS's kind, which is then a secret.
	Path string
	// Token must come in the Authorization header, as it is; empty: none is
	// looked at.
	Token creds.Secret
	// Lifetime is how long credentials last. Default six hours.
	Lifetime time.Duration
}

// containerState is a role with the credentials that are handed out for it.
type containerState struct {
	ContainerRole
	key *accessKey
}

const (
	ecsPrefix = "/v2/credentials/"
	eksPath   = "/v1/credentials"
)

// AddContainerRole makes an endpoint for a container, or replaces the one with
// the same path, and returns the path.
func (f *Fake) AddContainerRole(c ContainerRole) (path string) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	if c.Path == "" {
		id := newRequestID()
		f.world.secrets = append(f.world.secrets, id)
		c.Path = ecsPrefix + id
	}
	if c.Lifetime == 0 {
		c.Lifetime = instanceLifetime
	}
	if c.Token != "" {
		f.world.secrets = append(f.world.secrets, c.Token.Reveal())
	}
	f.world.containers[c.Path] = &containerState{ContainerRole: c}
	return c.Path
}

// container is the credentials endpoint of containers, as the ECS agent and
// the EKS Pod Identity Agent have it
// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html).
type container struct{ world *world }

func newContainer(w *world) *container { return &container{w} }

func (s *container) action(r *request) (string, bool) {
	return "Container", strings.HasPrefix(r.URL.Path, ecsPrefix) || r.URL.Path == eksPath
}

func (s *container) answer(r *request, _ string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	c := s.world.containers[r.URL.Path]
	switch {
	case r.Method != http.MethodGet:
		return containerRefusal(http.StatusMethodNotAllowed, "MethodNotAllowed", "only GET is allowed")
	case !strings.Contains(r.Header.Get("Accept"), "application/json"):
		return containerRefusal(http.StatusNotAcceptable, "NotAcceptable", "the answer is application/json")
	case c == nil || s.world.roles[c.Role] == nil:
		return containerRefusal(http.StatusBadRequest, "InvalidIdInRequest", "CredentialsV2Request: Credentials not found")
	case r.deny || !c.admits(r.Header.Get("Authorization")):
		return containerRefusal(http.StatusUnauthorized, "AccessDeniedException", "Unauthorized Exception! The token is not valid: "+r.Header.Get("Authorization"))
	}
	role := s.world.roles[c.Role]
	if c.key == nil || c.key.expires.Sub(s.world.clock.now()) < min(instanceRenewal, c.Lifetime/2) {
		c.key = s.world.issue(role.session("task-0123456789abcdef", "", nil), c.Lifetime)
	}
	return jsonPage(http.StatusOK, map[string]any{
		"AccessKeyId": c.key.id, "SecretAccessKey": c.key.secret, "Token": c.key.token, "RoleArn": c.Role,
		"Expiration": c.key.expires.Format(time.RFC3339),
	})
}

func (c *containerState) admits(token string) bool {
	return c.Token == "" || subtle.ConstantTimeCompare([]byte(c.Token.Reveal()), []byte(token)) == 1
}

// containerRefusal is an error in the agents' words. It repeats what it got,
// as such services do, to show what a client makes of that.
func containerRefusal(status int, code, message string) answer {
	a := jsonPage(status, map[string]any{"code": code, "message": message, "HTTPErrorCode": status})
	a.code = code
	return a
}
