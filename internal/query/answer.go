package query

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"

	"github.com/aws/smithy-go"
)

var errForeign = errors.New("the answer is not the service's")

// decode reads the answer to an operation:
// <NAMEResponse><NAMEResult>…</NAMEResult>…</NAMEResponse>. A nil result stands
// for an operation that has none. What another server says is no answer, nor is
// one that ends before its end.
func decode(text []byte, operation string, result any) error {
	if err := decodeWhole(xml.NewDecoder(bytes.NewReader(text)), operation, result); err != nil {
		return &smithy.DeserializationError{Err: err}
	}
	return nil
}

func decodeWhole(d *xml.Decoder, operation string, result any) error {
	root, err := rootElement(d)
	if err != nil {
		return err
	}
	if root.Name.Local != operation+"Response" {
		return errForeign
	}
	for missing := result != nil; ; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if result == nil || t.Name.Local != operation+"Result" {
				err = d.Skip()
			} else {
				missing, err = false, d.DecodeElement(result, &t)
			}
			if err != nil {
				return err
			}
		case xml.EndElement:
			if missing {
				return errForeign
			}
			return nil
		}
	}
}

// rootElement finds where the document begins.
func rootElement(d *xml.Decoder) (xml.StartElement, error) {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return xml.StartElement{}, io.ErrUnexpectedEOF
		}
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, nil
		case xml.CharData:
			if len(bytes.TrimSpace(t)) > 0 {
				return xml.StartElement{}, errForeign
			}
		}
	}
}

// unknownCode stands, as in the SDK, for what is not an error of AWS's.
const unknownCode = "UnknownError"

// refused reads the answer that says no
// (https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html).
func refused(text []byte) (requestID string, err error) {
	var answer struct {
		Code      string `xml:"Error>Code"`
		Message   string `xml:"Error>Message"`
		RequestID string `xml:"RequestId"`
	}
	err = xml.Unmarshal(text, &answer)
	if cutOff(err) {
		return "", &smithy.DeserializationError{Err: err}
	}
	if err != nil || answer.Code == "" {
		return answer.RequestID, &smithy.GenericAPIError{Code: unknownCode, Message: unknownCode}
	}
	return answer.RequestID, &smithy.GenericAPIError{Code: answer.Code, Message: answer.Message}
}

// cutOff reports whether a text ended within its document.
func cutOff(err error) bool {
	var syntax *xml.SyntaxError
	return errors.As(err, &syntax) && syntax.Msg == "unexpected EOF"
}
