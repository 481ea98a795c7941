package iam

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"assume-role/internal/assume"
)

// apiVersion is that of the IAM API reference.
const apiVersion = "2010-05-08"

// parameters are an operation's by AWS's names; an empty one is not sent.
type parameters map[string]string

// form is the body of an operation's request.
func (p parameters) form(operation string) string {
	values := url.Values{"Action": {operation}, "Version": {apiVersion}}
	for name, value := range p {
		if value != "" {
			values.Set(name, value)
		}
	}
	return values.Encode()
}

// query is one operation in the AWS Query protocol
// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
type query struct {
	assume.Wire
	form string
	// read takes the text of an answer that is no refusal.
	read func(text []byte) error
}

var errNoEndpoint = errors.New("no endpoint of IAM is known")

// send makes the request, and repeats it where the wire's rules say so. Its
// errors have the types of the SDK's clients, by which package assume tells
// what went wrong.
func (q query) send(ctx context.Context) error {
	if q.BaseEndpoint == nil || q.FIPS == aws.FIPSEndpointStateEnabled || q.DualStack == aws.DualStackEndpointStateEnabled {
		return errNoEndpoint
	}
	return repeat(ctx, q.Retryer, func() error { return q.try(ctx) })
}

// try makes the request once.
func (q query) try(ctx context.Context) error {
	request, err := q.request(ctx)
	if err != nil {
		return err
	}
	response, err := q.HTTP.Do(request)
	if err != nil {
		return unanswered(ctx, err)
	}
	defer response.Body.Close()
	return q.judge(response)
}

// request is the signed request.
func (q query) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, *q.BaseEndpoint, strings.NewReader(q.form))
	if err != nil {
		return nil, err
	}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", q.UserAgent)
	c, err := q.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256([]byte(q.form))
	// The wire's signer has a clock of its own.
	return r, q.Signer.SignHTTP(ctx, c, r, hex.EncodeToString(hash[:]), Service, q.Region, time.Time{})
}

// unanswered is a try without an answer.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &smithy.CanceledError{Err: ctx.Err()}
	}
	return &smithyhttp.RequestSendError{Err: err}
}

// judge reads an answer, whose length the wire bounds, by its status.
func (q query) judge(response *http.Response) error {
	var id string
	text, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		err = &smithy.DeserializationError{Err: err}
	case response.StatusCode >= http.StatusOK && response.StatusCode < http.StatusMultipleChoices:
		err = q.read(text)
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
