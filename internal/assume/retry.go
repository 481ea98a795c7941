package assume

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// defaultAttempts is the SDKs' own (max_attempts in the SDK reference).
const defaultAttempts = 3

// retryer repeats what the SDK repeats, and an answer that was cut off.
func retryer(endpoint profile.Endpoint) aws.Retryer {
	standard := func(o *retry.StandardOptions) {
		o.MaxAttempts = defaultAttempts
		if endpoint.MaxAttempts > 0 {
			o.MaxAttempts = endpoint.MaxAttempts
		}
		o.Retryables = slices.Insert(slices.Clone(o.Retryables), 0, retry.IsErrorRetryable(retry.IsErrorRetryableFunc(repeatable)))
	}
	if !endpoint.Adaptive {
		return retry.NewStandard(standard)
	}
	return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) { o.StandardOptions = append(o.StandardOptions, standard) })
}

// repeatable decides where the SDK's own rules would go wrong.
func repeatable(err error) aws.Ternary {
	var proxy *proxyRefusal
	switch {
	case isFault(err), errors.As(err, &proxy) && proxy.final():
		return aws.FalseTernary
	case cutOff(err):
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// isFault reports whether this tool itself refused to send a request.
func isFault(err error) bool {
	var own *fault.Error
	return errors.As(err, &own)
}

// cutOff reports whether an answer ended before its end.
func cutOff(err error) bool {
	var syntax *xml.SyntaxError
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &syntax) && syntax.Msg == "unexpected EOF"
}

// sendOnce keeps a request with an MFA code from being sent again: AWS may
// have used the code up. What never left this machine may be repeated.
func sendOnce(o *sts.Options) { o.Retryer = unsentOnly{o.Retryer} }

// unsentOnly retries what did not get as far as a connection.
type unsentOnly struct{ aws.Retryer }

// IsErrorRetryable implements aws.Retryer.
func (r unsentOnly) IsErrorRetryable(err error) bool {
	return bearer.Unsent(err) && r.Retryer.IsErrorRetryable(err)
}
