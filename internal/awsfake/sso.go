package awsfake

// sso is the portal of IAM Identity Center.
type sso struct{ world *world }

func newSso(w *world) *sso { return &sso{w} }

func (s *sso) action(*request) (string, bool) { return "", false }

func (s *sso) answer(*request, string) answer { return answer{status: 404, requestID: newRequestID()} }
