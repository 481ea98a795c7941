package assume

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"assume-role/internal/bearer"
	"assume-role/internal/query"
)

// The session of IMDSv2: its page, and the headers of requests and answers
// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html).
const (
	tokenPage   = "/latest/api/token"
	tokenHeader = "X-Aws-Ec2-Metadata-Token"
	ttlHeader   = "X-Aws-Ec2-Metadata-Token-Ttl-Seconds"
	// sessionTTL is far longer than all requests may take, in seconds.
	sessionTTL = "300"
)

// metadataSession is what is known about sessions with the service.
type metadataSession struct {
	// required: nothing is asked without a token, as in IMDSv1.
	required bool
	// token is empty before there is one.
	token string
	// none: the service gives no tokens, or nobody hears the request for one.
	none bool
}

// end forgets the token, and that there was none: the service wants one.
func (s *metadataSession) end() { s.token, s.none = "", false }

// header has the session's token. Where none can be had, and none is required,
// it has none, and the request is one of IMDSv1.
func (m *metadata) header(ctx context.Context) (http.Header, error) {
	s := &m.session
	if s.token == "" && !s.none {
		token, err := m.newToken(ctx)
		switch {
		case err != nil && s.required:
			return nil, tokenRefused{err}
		case errors.Is(err, metadataStatus(http.StatusBadRequest)):
			return nil, err
		}
		s.token, s.none = token, noSessions(err)
	}
	if s.token == "" {
		return http.Header{}, nil
	}
	return http.Header{tokenHeader: {s.token}}, nil
}

// errNoSession is an answer to the request for a token that has none.
var errNoSession = errors.New("the answer has no session token")

func (m *metadata) newToken(ctx context.Context) (token string, err error) {
	err = query.Repeat(ctx, m.rules, func() error {
		header, text, err := m.ask(ctx, http.MethodPut, tokenPage, http.Header{ttlHeader: {sessionTTL}})
		if err != nil {
			return err
		}
		if _, err := strconv.Atoi(header.Get(ttlHeader)); err != nil || len(text) == 0 {
			return errNoSession
		}
		token = string(text)
		return nil
	})
	return token, err
}

// noSessions reports whether it is of no use to ask for a token again.
func noSessions(err error) bool {
	var status metadataStatus
	if errors.As(err, &status) {
		return status == http.StatusForbidden || status == http.StatusNotFound || status == http.StatusMethodNotAllowed
	}
	var unsent *smithyhttp.RequestSendError
	var ended *smithy.CanceledError
	return errors.As(err, &unsent) || errors.As(err, &ended)
}

// staleToken is the refusal of a token, or of having none: with another one the
// request is repeated.
type staleToken struct{ metadataStatus }

// RetryableError is what the SDK's rules for repeating look at.
func (staleToken) RetryableError() bool { return true }

// tokenRefused is the end where a token is required: the request for it has
// been repeated already.
type tokenRefused struct{ error }

// RetryableError is what the SDK's rules for repeating look at.
func (tokenRefused) RetryableError() bool { return false }

func (t tokenRefused) Unwrap() error { return t.error }

// tokenOnce asks for the session token once if no answer comes: there is no
// service, or what lies between takes the answer away, as a container's network
// does, and the time is needed for asking without a token.
type tokenOnce struct{ aws.Retryer }

// IsErrorRetryable implements aws.Retryer.
func (r tokenOnce) IsErrorRetryable(err error) bool {
	return !tokenUnanswered(err) && r.Retryer.IsErrorRetryable(err)
}

// tokenUnanswered reports whether a request for a token got no connection or no
// answer in time.
func tokenUnanswered(err error) bool {
	var request *url.Error
	return errors.As(err, &request) && strings.EqualFold(request.Op, http.MethodPut) && (request.Timeout() || bearer.Unsent(err))
}
