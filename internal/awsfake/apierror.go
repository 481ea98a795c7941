package awsfake

import "fmt"

// apiError is a refusal in AWS's words.
type apiError struct {
	status  int
	code    string
	message string
}

func (e *apiError) Error() string { return e.code + ": " + e.message }

func accessDenied(format string, args ...any) error {
	return &apiError{403, "AccessDenied", fmt.Sprintf(format, args...)}
}

func validationError(format string, args ...any) error {
	return &apiError{400, "ValidationError", fmt.Sprintf(format, args...)}
}

func invalidParameter(message string) error {
	return &apiError{400, "InvalidParameterValue", message}
}
