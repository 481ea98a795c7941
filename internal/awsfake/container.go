package awsfake

// container is the credentials endpoint of a container.
type container struct{ world *world }

func newContainer(w *world) *container { return &container{w} }

func (s *container) action(*request) (string, bool) { return "", false }

func (s *container) answer(*request, string) answer {
	return answer{status: 404, requestID: newRequestID()}
}
