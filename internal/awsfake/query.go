package awsfake

import (
	"encoding/xml"
	"errors"
)

// queryAPI is one version of a service that speaks AWS's query protocol.
type queryAPI struct{ version, namespace string }

func stsAPI() queryAPI {
	return queryAPI{stsVersion, "https://sts.amazonaws.com/doc/" + stsVersion + "/"}
}

func iamAPI() queryAPI {
	return queryAPI{iamVersion, "https://iam.amazonaws.com/doc/" + iamVersion + "/"}
}

// queryAPI is the API that a request is meant for: IAM if it says so, else STS.
func (r *request) queryAPI() queryAPI {
	if api := iamAPI(); r.form.Get("Version") == api.version {
		return api
	}
	return stsAPI()
}

func (api queryAPI) invalidAction(action string) *apiError {
	if action == "" {
		return &apiError{400, "MissingAction", "The request must contain the parameter Action"}
	}
	return &apiError{400, "InvalidAction", "Could not find operation " + action + " for version " + api.version}
}

// answer is what a call came to: its result, or a refusal if err is one.
func (api queryAPI) answer(action string, caller *principal, result any, err error) answer {
	id := newRequestID()
	if err == nil {
		a := answer{status: 200, contentType: "text/xml", requestID: id, caller: caller.arn}
		if a.body, err = api.result(action, id, result); err == nil {
			return a
		}
	}
	refusal := &apiError{500, "InternalFailure", "The request processing has failed because of an unknown error, exception or failure."}
	errors.As(err, &refusal)
	a := api.refusal(refusal, id)
	a.caller = caller.arn
	return a
}

// result wraps a result as <XResponse><XResult>…</XResult>…</XResponse>; a nil
// one, of a call that only does, leaves XResult out.
func (api queryAPI) result(action, requestID string, result any) ([]byte, error) {
	type metadata struct {
		RequestID string `xml:"RequestId"`
	}
	type response struct {
		XMLName  xml.Name
		Result   *named   `xml:",omitempty"`
		Metadata metadata `xml:"ResponseMetadata"`
	}
	r := response{
		XMLName:  xml.Name{Space: api.namespace, Local: action + "Response"},
		Metadata: metadata{requestID},
	}
	if result != nil {
		r.Result = &named{action + "Result", result}
	}
	return xml.MarshalIndent(r, "", "  ")
}

// named gives an element a name that is only known when it is written.
type named struct {
	name  string
	value any
}

// MarshalXML implements xml.Marshaler.
func (n named) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return e.EncodeElement(n.value, xml.StartElement{Name: xml.Name{Local: n.name}})
}

// refusal is the query protocol's error document.
func (api queryAPI) refusal(e *apiError, requestID string) answer {
	type document struct {
		XMLName   xml.Name
		Type      string `xml:"Error>Type"`
		Code      string `xml:"Error>Code"`
		Message   string `xml:"Error>Message"`
		RequestID string `xml:"RequestId"`
	}
	doc := document{
		XMLName: xml.Name{Space: api.namespace, Local: "ErrorResponse"},
		Type:    "Sender", Code: e.code, Message: e.message, RequestID: requestID,
	}
	if e.status >= 500 {
		doc.Type = "Receiver"
	}
	body, _ := xml.MarshalIndent(doc, "", "  ") // strings only: cannot fail
	return answer{status: e.status, contentType: "text/xml", requestID: requestID, body: body, code: e.code}
}
