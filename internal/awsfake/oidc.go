package awsfake

// oidc is the OpenID Connect service of IAM Identity Center.
type oidc struct{ world *world }

func newOidc(w *world) *oidc { return &oidc{w} }

func (s *oidc) action(*request) (string, bool) { return "", false }

func (s *oidc) answer(*request, string) answer { return answer{status: 404, requestID: newRequestID()} }
