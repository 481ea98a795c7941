package iam

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"assume-role/internal/assume"
	"assume-role/internal/awsfake"
	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/mfa"
	"assume-role/internal/profile"
)

// world is an AWS, its user alice with a key, and what she asks IAM with.
type world struct {
	*testing.T
	aws     *awsfake.Fake
	assumer *assume.Assumer
	keys    creds.Credentials
	chain   *profile.Chain
	mu      sync.Mutex
	debug   []string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	aws, err := awsfake.Start(awsfake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(aws.Close)
	w := &world{T: t, aws: aws}
	w.keys.AccessKeyID, w.keys.SecretAccessKey = aws.AddKey("alice")
	w.assumer = assume.New(assume.Options{
		SessionName: func() string { return "alice@laptop" },
		Now:         time.Now, Note: func(string) {}, Debug: w.debugf, UserAgent: "assume-role/test",
	})
	w.chain = &profile.Chain{
		Profile:  "admin",
		Source:   profile.Source{Kind: profile.Static, Profile: "base", Keys: w.keys, Origin: fault.Origin{Path: "~/.aws/credentials", Line: 2}},
		STS:      profile.Endpoint{Region: "eu-west-1", Partition: "aws", URL: aws.URL()},
		Services: map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: aws.URL()}},
	}
	return w
}

func (w *world) debugf(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.debug = append(w.debug, fmt.Sprintf(format, args...))
}

// client is alice's, with her keys.
func (w *world) client() *Client { return New(w.assumer, w.chain, w.keys) }

// as is the client of whoever the chain's calls make of alice.
func (w *world) as(calls ...profile.Call) *Client {
	w.Helper()
	chain := *w.chain
	chain.Calls = calls
	c, err := w.assumer.Credentials(context.Background(), &chain)
	if err != nil {
		w.Fatal(err)
	}
	return New(w.assumer, &chain, c)
}

// at is alice's client of an IAM elsewhere.
func (w *world) at(url string) *Client {
	chain := *w.chain
	chain.Services = map[string]profile.Endpoint{Service: {Region: "us-east-1", Partition: "aws", URL: url, MaxAttempts: 1}}
	return New(w.assumer, &chain, w.keys)
}

// presenting gives the assumer codes of a device of alice's.
func (w *world) presenting() *profile.Device {
	w.Helper()
	device := w.aws.AddDevice("alice")
	codes, err := mfa.New(mfa.Options{
		Terminal: func() (mfa.Asker, error) { return asker(device.Code), nil },
		LockDir:  w.TempDir(), Now: time.Now, Note: func(string) {},
	})
	if err != nil {
		w.Fatal(err)
	}
	w.assumer.MFA = codes
	return &profile.Device{Serial: device.Serial, Profile: "base"}
}

// asker types the codes of a device.
type asker func() string

func (a asker) AskSecret(context.Context, string) (creds.Secret, error) {
	return creds.Secret(a()), nil
}

// answering is a server that answers every request with one of AWS's errors.
func (w *world) answering(status int, code, message string) string {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.WriteHeader(status)
		fmt.Fprintf(rw, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>", code, message)
	}))
	w.Cleanup(s.Close)
	return s.URL
}

// says checks an error: the kind, the words, one line, no secret, no text of
// the SDK, and AWS's own error among its causes if it was AWS's.
func (w *world) says(err, kind error, words ...string) {
	w.Helper()
	if !errors.Is(err, kind) {
		w.Fatalf("not %v: %v", kind, err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			w.Errorf("%q is not in: %v", word, err)
		}
	}
	w.mu.Lock()
	all := err.Error() + "\n" + strings.Join(w.debug, "\n")
	w.mu.Unlock()
	for _, secret := range w.aws.Secrets() {
		if strings.Contains(all, secret) {
			w.Errorf("a secret is in: %s", all)
		}
	}
	for _, never := range []string{"\n", "operation error", "RequestID", "StatusCode"} {
		if strings.Contains(err.Error(), never) {
			w.Errorf("%q is in: %v", never, err)
		}
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Profile != "admin" || f.Hint == "" {
		w.Errorf("not a fault with a profile and advice: %#v", err)
	}
}

// ok fails the test on an error.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func hasCode(err error, code string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == code
}
