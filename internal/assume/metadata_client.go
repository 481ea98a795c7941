package assume

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	smithymiddleware "github.com/aws/smithy-go/middleware"

	"assume-role/internal/bearer"
	"assume-role/internal/profile"
	"assume-role/internal/waiting"
)

// The limits where no setting says otherwise. An answer takes milliseconds, a
// second is the AWS CLI's limit; its single attempt fails too often on an
// instance under load. Off EC2 nothing answers at all, and three seconds are
// the end of it.
const (
	metadataTime     = time.Second
	metadataAttempts = 3
	// metadataRequests are the token's, the role's and the credentials'.
	metadataRequests = 3
	// metadataLimit is some twenty times what an answer holds, in bytes.
	metadataLimit = 32 << 10
)

// metadata asks one instance's metadata service.
type metadata struct {
	source   profile.Source
	api      *imds.Client
	watch    *metadataWatch
	endpoint string
	// total is how long all requests may take together.
	total time.Duration
	now   func() time.Time
	debug func(format string, args ...any)
}

// metadataEndpoint is the address of the service; one that is given comes
// before the mode.
func metadataEndpoint(s profile.Source) string {
	if given := s.Settings["ec2_metadata_service_endpoint"].Text; given != "" {
		return strings.TrimSuffix(given, "/")
	}
	if strings.EqualFold(s.Settings["ec2_metadata_service_endpoint_mode"].Text, "IPv6") {
		return "http://[fd00:ec2::254]"
	}
	return "http://169.254.169.254"
}

// metadata makes the client. Its settings are the plan's; no variable and no
// file is read behind its back, and it goes through no proxy.
func (w *walk) metadata() *metadata {
	s := w.chain.Source
	each := time.Duration(numberOr(s.Settings["metadata_service_timeout"].Text, int(metadataTime/time.Second))) * time.Second
	attempts := numberOr(s.Settings["metadata_service_num_attempts"].Text, metadataAttempts)
	transport := &http.Transport{DialContext: limitedDial(w.dialer(each), each), ResponseHeaderTimeout: each, TLSHandshakeTimeout: each}
	m := &metadata{
		source: s, endpoint: metadataEndpoint(s), watch: &metadataWatch{next: transport},
		total: each * time.Duration(max(attempts, metadataRequests)), now: w.Now, debug: w.Debug,
	}
	fallBack := aws.TrueTernary
	if strings.EqualFold(s.Settings["ec2_metadata_v1_disabled"].Text, "true") {
		fallBack = aws.FalseTernary
	}
	m.api = imds.New(imds.Options{
		Endpoint: m.endpoint, ClientEnableState: imds.ClientEnabled, EnableFallback: fallBack,
		HTTPClient: &http.Client{
			Transport:     m.watch,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Retryer:    tokenOnce{retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = attempts })},
		APIOptions: []func(*smithymiddleware.Stack) error{userAgent(w.UserAgent)},
	})
	return m
}

// userAgent adds NAME/VERSION to the SDK's own description of itself.
func userAgent(text string) func(*smithymiddleware.Stack) error {
	name, version, _ := strings.Cut(text, "/")
	return middleware.AddUserAgentKeyValue(name, version)
}

// numberOr reads a number that the plan has checked.
func numberOr(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}

// limitedDial gives each connection its limit.
func limitedDial(dial func(ctx context.Context, network, address string) (net.Conn, error), limit time.Duration) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return dial(limited, network, address)
	}
}

// get reads what the service has at a path below /latest/meta-data/.
func (m *metadata) get(ctx context.Context, path string) ([]byte, error) {
	defer waiting.For(ctx, "asking EC2's instance metadata")()
	answer, err := m.api.GetMetadata(ctx, &imds.GetMetadataInput{Path: path})
	if err != nil {
		m.debug("EC2 instance metadata at %s: %s: %v", m.endpoint, path, err)
		return nil, err
	}
	defer answer.Content.Close()
	return io.ReadAll(answer.Content)
}

func (m *metadata) close() { m.watch.next.CloseIdleConnections() }

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

// metadataWatch bounds the answers of the service, and sees what the SDK's
// errors do not tell.
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
