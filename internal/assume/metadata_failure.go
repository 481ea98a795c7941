package assume

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"assume-role/internal/cache"
	"assume-role/internal/fault"
)

// fault begins the error about a service that did not give credentials.
func (m *metadata) fault(code fault.Code, format string, args ...any) *fault.Error {
	return fault.New(code, "EC2 instance metadata at %s %s", m.endpoint, fmt.Sprintf(format, args...)).In(m.source.Profile).At(m.source.Origin)
}

// failed is the error for what came in place of an answer.
func (m *metadata) failed(err error) error {
	status := m.watch.status
	switch {
	case m.watch.tokenLost && (status == 0 || status == http.StatusUnauthorized):
		return m.fault("", "did not answer the request for a session token").
			Fix("in a container, the answer needs one more hop: aws ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2").
			Because(m.unanswered(err))
	case status == 0:
		return m.unreachable(err)
	case status < http.StatusMultipleChoices:
		return m.fault("", "answered with what is not its own").Fix("see that what answers there is EC2's metadata service").Because(err)
	}
	return m.fault("", "failed with status %d", status).Fix("%s", metadataAdvice(status)).Because(m.unanswered(err))
}

func metadataAdvice(status int) string {
	switch {
	case status == http.StatusForbidden:
		return "the service is turned off: aws ec2 modify-instance-metadata-options --instance-id ID --http-endpoint enabled"
	case status == http.StatusUnauthorized:
		return "it wants a session token (IMDSv2) and takes none: see that nothing on the way refuses PUT or takes headers away"
	case status >= http.StatusInternalServerError:
		return "try again in a minute"
	}
	return "see that what answers there is EC2's metadata service"
}

// unreachable is the error where nothing answers, as anywhere but on EC2.
func (m *metadata) unreachable(err error) error {
	why := "cannot be reached"
	if timeout(m.watch.failure) || errors.Is(m.watch.failure, context.DeadlineExceeded) {
		why = "did not answer in time"
	}
	return m.fault("", "%s", why).Fix("credential_source = Ec2InstanceMetadata works on EC2 instances only; elsewhere use another source").Because(m.unanswered(err))
}

// unanswered marks a cause that another try, later, may not have.
func (m *metadata) unanswered(err error) error {
	if m.watch.status != 0 && m.watch.status < http.StatusInternalServerError {
		return err
	}
	return fmt.Errorf("%w: %w", cache.ErrUnreachable, err)
}
