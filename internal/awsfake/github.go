package awsfake

import (
	"net/http"
	"strings"

	"assume-role/internal/creds"
)

const (
	githubPath = "/actions/idtoken"
	// githubVersion is in the address that a job gets: who adds the audience
	// must leave it there.
	githubVersion = "2.0"
)

// github is the service where a job of GitHub Actions gets its web identity
// token (https://docs.github.com/en/actions/reference/security/oidc).
type github struct{ world *world }

func newGithub(w *world) *github { return &github{w} }

// AddGithubJob starts a job that may ask for tokens (permissions: id-token:
// write) and returns its ACTIONS_ID_TOKEN_REQUEST_URL and
// ACTIONS_ID_TOKEN_REQUEST_TOKEN. Every request gets a new token of the
// subject, for the audience that it asks for.
func (f *Fake) AddGithubJob(id WebIdentity) (url string, token creds.Secret) {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	key := f.world.secret(64)
	f.world.jobs[key] = id
	return f.url + githubPath + "?api-version=" + githubVersion, creds.Secret(key)
}

func (s *github) action(r *request) (string, bool) {
	return "GithubIDToken", r.URL.Path == githubPath
}

func (s *github) answer(r *request, _ string) answer {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	id, known := s.world.jobs[key]
	audience := r.URL.Query()["audience"]
	switch {
	case r.Method != http.MethodGet:
		return githubRefusal(http.StatusMethodNotAllowed, "The requested resource does not support http method '"+r.Method+"'.")
	case !known || !strings.EqualFold(scheme, "bearer"):
		return githubRefusal(http.StatusUnauthorized, "The request has no valid token of a job.")
	case r.URL.Query().Get("api-version") != githubVersion:
		return githubRefusal(http.StatusBadRequest, "No api-version was supplied for the request.")
	case len(audience) != 1 || audience[0] == "":
		return githubRefusal(http.StatusBadRequest, "The audience is missing or not one.")
	}
	id.Audience = audience[0]
	return jsonPage(http.StatusOK, map[string]any{"count": 1, "value": s.world.issueToken(id)})
}

// githubRefusal is an error in the form of GitHub's pipeline services.
func githubRefusal(status int, message string) answer {
	a := jsonPage(status, map[string]any{"message": message})
	a.code = http.StatusText(status)
	return a
}
