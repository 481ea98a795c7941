package assume

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
)

// UnknownKey reports whether AWS refused a request because it does not know the
// key that signed it, or no longer. A new key is unknown for some seconds
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency).
func UnknownKey(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains([]string{"InvalidClientTokenId", "UnrecognizedClientException"}, api.ErrorCode())
}
