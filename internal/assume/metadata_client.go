package assume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"assume-role/internal/profile"
	"assume-role/internal/query"
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
	source    profile.Source
	session   metadataSession
	http      *http.Client
	watch     *metadataWatch
	rules     aws.Retryer
	endpoint  string
	userAgent string
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
	watch := &metadataWatch{next: &http.Transport{DialContext: limitedDial(w.dialer(each), each), ResponseHeaderTimeout: each, TLSHandshakeTimeout: each}}
	return &metadata{
		source: s, endpoint: metadataEndpoint(s), userAgent: w.UserAgent, watch: watch,
		session: metadataSession{required: strings.EqualFold(s.Settings["ec2_metadata_v1_disabled"].Text, "true")},
		http: &http.Client{
			Transport:     watch,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		rules: tokenOnce{retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = attempts, time.Second })},
		total: each * time.Duration(max(attempts, metadataRequests)), now: w.Now, debug: w.Debug,
	}
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
func (m *metadata) get(ctx context.Context, path string) (text []byte, err error) {
	defer waiting.For(ctx, "asking EC2's instance metadata")()
	err = query.Repeat(ctx, m.rules, func() (err error) {
		text, err = m.try(ctx, path)
		return err
	})
	if err != nil {
		m.debug("EC2 instance metadata at %s: %s: %v", m.endpoint, path, err)
		return nil, err
	}
	return text, nil
}

// try reads it once.
func (m *metadata) try(ctx context.Context, path string) ([]byte, error) {
	header, err := m.header(ctx)
	if err != nil {
		return nil, err
	}
	_, text, err := m.ask(ctx, http.MethodGet, "/latest/meta-data/"+path, header)
	if errors.Is(err, metadataStatus(http.StatusUnauthorized)) {
		m.session.end()
		err = staleToken{metadataStatus(http.StatusUnauthorized)}
	}
	return text, err
}

// ask makes one request. An answer that is no success is a metadataStatus.
func (m *metadata) ask(ctx context.Context, method, page string, header http.Header) (http.Header, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, m.endpoint, nil)
	if err != nil {
		return nil, nil, err
	}
	request.URL.Path, request.Header = page, header
	request.Header.Set("User-Agent", m.userAgent)
	response, err := m.http.Do(request)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil, &smithy.CanceledError{Err: ctx.Err()}
	case err != nil:
		return nil, nil, &smithyhttp.RequestSendError{Err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("the answer cannot be read: %w", err)
	case response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusMultipleChoices:
		return nil, nil, metadataStatus(response.StatusCode)
	}
	return response.Header, text, nil
}

func (m *metadata) close() { m.watch.next.CloseIdleConnections() }

// metadataStatus is the status of an answer that is no success.
type metadataStatus int

func (s metadataStatus) Error() string { return "status " + strconv.Itoa(int(s)) }

// HTTPStatusCode is what the SDK's rules for repeating look at.
func (s metadataStatus) HTTPStatusCode() int { return int(s) }
