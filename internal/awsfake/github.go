package awsfake

// github is the token service of GitHub's actions.
type github struct{ world *world }

func newGithub(w *world) *github { return &github{w} }

func (s *github) action(*request) (string, bool) { return "", false }

func (s *github) answer(*request, string) answer {
	return answer{status: 404, requestID: newRequestID()}
}
