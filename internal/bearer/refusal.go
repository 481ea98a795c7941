package bearer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"assume-role/internal/fault"
)

// Refusal is a service's own no, an answer of the 400s.
type Refusal struct {
	// Host is where the request went.
	Host string
	// Status is HTTP's.
	Status int
	// Code is AWS's name of the error (UnauthorizedException); empty where the
	// answer was not AWS's: a proxy's, say.
	Code string
	// Reason is what OAuth or a service adds to it (invalid_grant,
	// TOKEN_EXPIRED), or empty.
	Reason string
	// Text is the service's sentence, on one line, cut to a bounded length,
	// and without anything that was sent.
	Text string
	// RequestID is AWS's.
	RequestID string
	// RetryAfter is how long the service wants to be left alone; 0 where it
	// does not say.
	RetryAfter time.Duration
}

// Error says all but the host and the request's id.
func (r *Refusal) Error() string {
	words := []string{fmt.Sprintf("status %d", r.Status)}
	for _, word := range []string{r.Code, r.Reason, r.Text} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, ": ")
}

// Unreachable says that no sensible answer came: no connection, a broken one,
// a server in trouble, or what is not JSON. Another try, later, may do better.
type Unreachable struct {
	// Host is where the request went.
	Host string
	// Status is HTTP's, 0 without an answer.
	Status int
	// Err is the cause; it holds nothing that was sent.
	Err error
}

// Error names the host and the cause.
func (u *Unreachable) Error() string { return fmt.Sprintf("%s: %v", u.Host, u.Err) }

// Unwrap returns the cause.
func (u *Unreachable) Unwrap() error { return u.Err }

// OfAWS returns the error of a call to AWS as it is, but for a refusal without
// AWS's name for it: a proxy or a captive portal gave that, so AWS could not be
// asked, and it becomes an *Unreachable.
func OfAWS(err error) error {
	var r *Refusal
	if errors.As(err, &r) && r.Code == "" {
		return &Unreachable{Host: r.Host, Status: r.Status, Err: errForeign}
	}
	return err
}

// Unsent reports whether a request failed before anything of it left this
// machine: for want of an address, or of a connection.
func Unsent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

var (
	errTrouble = errors.New("the server is in trouble")
	errForeign = errors.New("the answer is not the service's")
)

// judge reads an answer by its status.
func judge(response *http.Response, text []byte, into any, sent []string) error {
	status, host := response.StatusCode, response.Request.URL.Host
	switch {
	case status >= http.StatusInternalServerError:
		return &Unreachable{Host: host, Status: status, Err: errTrouble}
	case status >= http.StatusBadRequest:
		return refusal(response, text, sent)
	case status >= http.StatusMultipleChoices:
		return &Unreachable{Host: host, Status: status, Err: errForeign}
	case into != nil && json.Unmarshal(text, into) != nil:
		return &Unreachable{Host: host, Status: status, Err: errForeign}
	}
	return nil
}

// refusal reads AWS's forms of an error: the name in a header or in a member
// of the body (https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html,
// "Operation error serialization"), OAuth's pair beside it (RFC 6749, 5.2).
func refusal(response *http.Response, text []byte, sent []string) *Refusal {
	var body struct {
		Type        string `json:"__type"`
		Code        string
		Error       string
		Description string `json:"error_description"`
		Message     string
	}
	_ = json.Unmarshal(text, &body) // what cannot be read says nothing
	clean := func(text string) string { return cleaned(text, sent) }
	return &Refusal{
		Host:      response.Request.URL.Host,
		Status:    response.StatusCode,
		Code:      clean(errorName(firstOf(response.Header.Get("X-Amzn-Errortype"), body.Type, body.Code, body.Error))),
		Reason:    clean(body.Error),
		Text:      clean(firstOf(body.Message, body.Description)),
		RequestID: requestID(response.Header), RetryAfter: retryAfter(response.Header),
	}
}

// errorName takes the name out of "namespace#Name:http://address/".
func errorName(text string) string {
	text = text[strings.LastIndexByte(text, '#')+1:]
	name, _, _ := strings.Cut(text, ":")
	return strings.TrimSpace(name)
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// telling is the length from which a text that was sent may be a secret, in
// bytes.
const telling = 12

// cleaned makes a service's text one line of bounded length that repeats
// nothing of what was sent.
func cleaned(text string, sent []string) string {
	for _, secret := range sent {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return fault.OneLine(text)
}

// sent lists the texts of a request that are long enough to be secrets.
func sent(header http.Header, form url.Values, body []byte) []string {
	var all []string
	add := func(text string) {
		if len(text) >= telling {
			all = append(all, text)
		}
	}
	for _, values := range header {
		for _, value := range values {
			add(value)
			add(value[strings.IndexByte(value, ' ')+1:]) // "Bearer SECRET"
		}
	}
	for _, values := range form {
		for _, value := range values {
			add(value)
			addJSON([]byte(value), add)
		}
	}
	addJSON(body, add)
	return all
}

// addJSON adds the strings of a text that is JSON, up to where it is none.
func addJSON(text []byte, add func(string)) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		token, err := decoder.Token()
		if err != nil {
			return
		}
		if text, ok := token.(string); ok {
			add(text)
		}
	}
}
