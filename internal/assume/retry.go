package assume

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"

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
	var api smithy.APIError
	switch {
	case isFault(err), errors.As(err, &proxy) && proxy.final():
		return aws.FalseTernary
	case cutOff(err), errors.As(err, &api) && api.ErrorCode() == noProvider:
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// noProvider is AWS's code where it could not reach the identity provider, which
// is to be tried again
// (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
const noProvider = "IDPCommunicationError"

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

// unsentOnly retries what did not get as far as a connection. It is for requests
// that AWS must not get twice, such as one with an MFA code, which AWS may have
// used up.
type unsentOnly struct{ aws.Retryer }

// IsErrorRetryable implements aws.Retryer.
func (r unsentOnly) IsErrorRetryable(err error) bool {
	return bearer.Unsent(err) && r.Retryer.IsErrorRetryable(err)
}
