package assume

import (
	"context"
	"errors"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// failure is an operation that failed, taken apart.
type failure struct {
	operation
	endpoint profile.Endpoint
	seen     observed
	// code and text are AWS's, empty when the answer was not AWS's.
	code, text string
	// status is HTTP's, 0 without an answer.
	status    int
	requestID string
	err       error
}

func newFailure(op operation, endpoint profile.Endpoint, seen observed, err error) *failure {
	f := &failure{operation: op, endpoint: endpoint, seen: seen, err: err}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.code, f.text = api.ErrorCode(), f.clean(api.ErrorMessage())
	}
	var answer *awshttp.ResponseError
	if errors.As(err, &answer) {
		f.status, f.requestID = answer.HTTPStatusCode(), answer.ServiceRequestID()
	}
	return f
}

// translate makes the one error of a failure, and leaves the rest to Debug.
func (a *Assumer) translate(ctx context.Context, f *failure) error {
	a.Debug("%s at %s failed: status %d, code %q, request id %q: %s", f.name, f.seen.host, f.status, f.code, f.requestID, f.detail())
	var own *fault.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fault.ErrInterrupted
	case errors.As(f.err, &own):
		return own.In(f.call.Profile)
	case f.status >= http.StatusInternalServerError || f.code == "" || f.code == "UnknownError":
		return f.unreachable()
	}
	return f.refused()
}

// what names the call for a person.
func (f *failure) what() string {
	switch {
	case f.call.RoleARN != "":
		return f.name + " of " + f.call.RoleARN
	case f.target != "":
		return f.name + " on " + f.target
	}
	return f.name
}

// asked is the service's name.
func (f *failure) asked() string {
	if f.service == "" {
		return "STS"
	}
	return f.service
}

// detail is what the SDK says, when that can hold no secret: AWS answers a
// wrong signature with the request that it saw, session token and all.
func (f *failure) detail() string {
	if wrongSignature(f.code) {
		return "(not shown: it repeats the request)"
	}
	return f.clean(f.err.Error())
}

// clean makes AWS's text one line of bounded length, with every secret of the
// operation taken out.
func (f *failure) clean(text string) string {
	for _, secret := range []creds.Secret{f.signer.SecretAccessKey, f.signer.SessionToken, f.operation.code, f.bearer} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret.Reveal(), "***")
		}
	}
	return fault.OneLine(text)
}

// origin is the line to look at for a setting of the call, or else its
// role_arn's, or the source's.
func (f *failure) origin(setting string) fault.Origin {
	for _, name := range []string{setting, "role_arn"} {
		if o, ok := f.call.Settings[name]; ok {
			return o
		}
	}
	return f.keysOrigin()
}

// deviceOrigin is the line of mfa_serial.
func (f *failure) deviceOrigin() fault.Origin {
	if f.call.Device != nil {
		return f.call.Device.Origin
	}
	return f.origin("mfa_serial")
}

// keysOrigin is the line of the source's keys.
func (f *failure) keysOrigin() fault.Origin { return f.source.Origin }

// signerRefused reports whether AWS did not take the credentials that signed.
func signerRefused(err error) bool {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return false
	}
	switch api.ErrorCode() {
	case "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId":
		return true
	}
	return false
}

// deniedOutright reports whether a policy of the signer's own denies the call
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
func deniedOutright(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && strings.HasPrefix(api.ErrorCode(), "AccessDenied") &&
		strings.Contains(api.ErrorMessage(), "explicit deny in an identity-based policy")
}

// spent tells what became of the MFA code of a call. One that AWS refused is
// no error, because another can be had; one whose answer was lost may have
// been used up.
func spent(err error) (bool, error) {
	var api smithy.APIError
	var answer *awshttp.ResponseError
	switch {
	case err == nil:
		return false, nil
	case errors.As(err, &api) && invalidCode(api.ErrorMessage()):
		return true, nil
	case errors.As(err, &answer) && answer.HTTPStatusCode() >= http.StatusInternalServerError, errors.As(err, &api) && throttled(api.ErrorCode()):
		return true, err
	}
	return lost(err), err
}

func invalidCode(text string) bool {
	return strings.Contains(text, "invalid MFA one time pass code")
}

func throttled(code string) bool {
	switch code {
	case "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequests", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown":
		return true
	}
	return false
}

func wrongSignature(code string) bool {
	return code == "SignatureDoesNotMatch" || code == "InvalidSignatureException"
}
