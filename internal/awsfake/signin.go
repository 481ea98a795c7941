package awsfake

// signin is the service behind `aws login`.
type signin struct{ world *world }

func newSignin(w *world) *signin { return &signin{w} }

func (s *signin) action(*request) (string, bool) { return "", false }

func (s *signin) answer(*request, string) answer {
	return answer{status: 404, requestID: newRequestID()}
}
