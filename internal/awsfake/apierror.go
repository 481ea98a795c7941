package awsfake

import (
	"encoding/xml"
	"fmt"
)

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

func invalidAction(action string) *apiError {
	if action == "" {
		return &apiError{400, "MissingAction", "The request must contain the parameter Action"}
	}
	return &apiError{400, "InvalidAction", "Could not find operation " + action + " for version " + stsVersion}
}

// errorXML is the query protocol's error document.
type errorXML struct {
	XMLName   xml.Name `xml:"https://sts.amazonaws.com/doc/2011-06-15/ ErrorResponse"`
	Type      string   `xml:"Error>Type"`
	Code      string   `xml:"Error>Code"`
	Message   string   `xml:"Error>Message"`
	RequestID string   `xml:"RequestId"`
}

// queryError writes a refusal as the query protocol does.
func queryError(e *apiError, requestID string) answer {
	doc := errorXML{Type: "Sender", Code: e.code, Message: e.message, RequestID: requestID}
	if e.status >= 500 {
		doc.Type = "Receiver"
	}
	body, _ := xml.MarshalIndent(doc, "", "  ") // strings only: cannot fail
	return answer{status: e.status, contentType: "text/xml", requestID: requestID, body: body, code: e.code}
}
