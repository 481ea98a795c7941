package awsfake

// imds is the metadata service of an EC2 instance.
type imds struct{ world *world }

func newImds(w *world) *imds { return &imds{w} }

func (s *imds) action(*request) (string, bool) { return "", false }

func (s *imds) answer(*request, string) answer { return answer{status: 404, requestID: newRequestID()} }
