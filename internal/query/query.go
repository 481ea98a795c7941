// Package query makes requests to AWS services that speak the Query protocol, as
// STS and IAM do
// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
package query

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Client is one service at one endpoint, as one caller asks it. It reads no
// file and no variable. Its errors have the types of the SDK's clients
// (smithy.APIError, *awshttp.ResponseError), by which callers tell what went
// wrong.
type Client struct {
	// HTTP sends the requests, and bounds them and their answers.
	HTTP *http.Client
	// Address is the endpoint's; without one nothing is sent (ErrNoEndpoint).
	Address string
	// Service and Version are the service's name in signatures and the version
	// of its API.
	Service, Version string
	// Region is the one that requests are signed for.
	Region string
	// Credentials sign, by Signer, which has a clock of its own. Without them
	// a request goes unsigned.
	Credentials aws.CredentialsProvider
	Signer      v4.HTTPSigner
	// Retryer says what is sent again, and when.
	Retryer aws.Retryer
	// UserAgent is this program's name and version.
	UserAgent string
}

// ErrNoEndpoint says that a Client has no address.
var ErrNoEndpoint = errors.New("no endpoint of the service is known")

// Parameters are an operation's, by AWS's names.
type Parameters map[string]string

// Given are those that are not empty: in most of AWS's operations an empty text
// is refused, where a parameter that is not there stands for its default.
func (p Parameters) Given() Parameters {
	given := maps.Clone(p)
	maps.DeleteFunc(given, func(_, value string) bool { return value == "" })
	return given
}

// List adds the members of a list, each with the parameter's name, its place
// and the member's field: "Tags.member.1.Key". The field is empty where a
// member is a plain text.
func (p Parameters) List(name, field string, members []string) {
	for i, value := range members {
		key := name + ".member." + strconv.Itoa(i+1)
		if field != "" {
			key += "." + field
		}
		p[key] = value
	}
}

// form is the body of a request.
func (p Parameters) form(operation, version string) string {
	values := url.Values{"Action": {operation}, "Version": {version}}
	for name, value := range p {
		values.Set(name, value)
	}
	return values.Encode()
}

// Ask makes an operation whose answer has a result, which is read as
// encoding/xml does. It ends with ctx.
func Ask[Result any](ctx context.Context, c Client, operation string, p Parameters) (Result, error) {
	var result Result
	err := c.send(ctx, operation, p, func(text []byte) error {
		result = *new(Result) // a try before may have got the half of one
		return decode(text, operation, &result)
	})
	if err != nil {
		return *new(Result), err
	}
	return result, nil
}

// Order makes an operation whose answer says no more than that it was done.
func Order(ctx context.Context, c Client, operation string, p Parameters) error {
	return c.send(ctx, operation, p, func(text []byte) error { return decode(text, operation, nil) })
}

// send makes the request, and repeats it where the rules say so; read takes the
// text of an answer that is no refusal.
func (c Client) send(ctx context.Context, operation string, p Parameters, read func(text []byte) error) error {
	if c.Address == "" {
		return ErrNoEndpoint
	}
	form := p.form(operation, c.Version)
	return Repeat(ctx, c.Retryer, func() error { return c.try(ctx, form, read) })
}

// try makes the request once.
func (c Client) try(ctx context.Context, form string, read func(text []byte) error) error {
	request, err := c.request(ctx, form)
	if err != nil {
		return err
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer response.Body.Close()
	return judge(response, read)
}

// request is the signed request.
func (c Client) request(ctx context.Context, form string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Address, strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", c.UserAgent)
	if c.Credentials == nil {
		return r, nil
	}
	signer, err := c.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(form))
	return r, c.Signer.SignHTTP(ctx, signer, r, hex.EncodeToString(hash[:]), c.Service, c.Region, time.Time{})
}

// unanswered is a try without an answer.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &smithy.CanceledError{Err: ctx.Err()}
	}
	return &smithyhttp.RequestSendError{Err: err}
}

// judge reads an answer, whose length the HTTP client bounds, by its status.
func judge(response *http.Response, read func(text []byte) error) error {
	var id string
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		err = &smithy.DeserializationError{Err: err}
	case response.StatusCode >= http.StatusOK && response.StatusCode < http.StatusMultipleChoices:
		err = read(text)
	default:
		id, err = refused(text)
	}
	if err == nil {
		return nil
	}
	return &awshttp.ResponseError{
		ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: response}, Err: err},
		RequestID:     cmp.Or(response.Header.Get("X-Amzn-Requestid"), response.Header.Get("X-Amz-RequestId"), id),
	}
}
