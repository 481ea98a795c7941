package assume

import (
	"errors"
	"io"
	"net"
	"net/http"

	"assume-role/internal/bearer"
)

// metadataWatch bounds the answers of the service, and remembers of them what
// errors tell a user.
type metadataWatch struct {
	next *http.Transport
	// status is the last answer's, 0 where the last request had none, and
	// failure is why.
	status  int
	failure error
	// tokenLost: a request for a token went out, and no answer came back.
	tokenLost bool
}

// RoundTrip implements http.RoundTripper.
func (t *metadataWatch) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(r)
	t.status, t.failure = 0, err
	if err != nil {
		t.tokenLost = t.tokenLost || r.Method == http.MethodPut && timeout(err) && !bearer.Unsent(err)
		return nil, err
	}
	t.status = response.StatusCode
	response.Body = limitedBody{io.LimitReader(response.Body, metadataLimit), response.Body}
	return response, nil
}

func timeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// limitedBody is as much of an answer as is read.
type limitedBody struct {
	io.Reader
	io.Closer
}
