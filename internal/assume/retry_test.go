package assume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"assume-role/internal/awsfake"
	"assume-role/internal/cache"
	"assume-role/internal/fault"
	"assume-role/internal/profile"
	"assume-role/internal/query"
)

// refusing is a server that gives AWS's error to every request, and counts
// them.
func refusing(t *testing.T, status int, code, message string) (address string, asked *atomic.Int32) {
	t.Helper()
	asked = &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("X-Amzn-Requestid", "11111111-2222-3333-4444-555555555555")
		w.Header().Set("Content-Type", "text/xml")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>11111111-2222-3333-4444-555555555555</RequestId></ErrorResponse>`, code, message)
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

// max_attempts counts the first try as well, in every retry mode
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
func TestAttempts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attempts int
		adaptive bool
		want     int32
	}{
		"the default":       {0, false, 3},
		"one":               {1, false, 1},
		"two":               {2, false, 2},
		"one, adaptive":     {1, true, 1},
		"default, adaptive": {0, true, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			address, asked := refusing(t, 503, "ServiceUnavailable", "busy")
			w.says(w.identify(profile.Endpoint{Region: "eu-west-1", URL: address, MaxAttempts: c.attempts, Adaptive: c.adaptive}), "503", "try again later")
			if asked.Load() != c.want {
				t.Errorf("asked %d times, not %d", asked.Load(), c.want)
			}
		})
	}
}

// What would only fail again is not tried again.
func TestRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, code := range []string{"AccessDenied", "ExpiredToken", "ValidationError", "SignatureDoesNotMatch", "RegionDisabledException"} {
		address, asked := refusing(t, 403, code, "no")
		w.says(w.identify(profile.Endpoint{Region: "eu-west-1", URL: address}), code)
		if asked.Load() != 1 {
			t.Errorf("%s: asked %d times", code, asked.Load())
		}
	}
}

// expiring is a context whose deadline comes when over is closed.
type expiring struct {
	context.Context
	over chan struct{}
}

func (e *expiring) Done() <-chan struct{} { return e.over }

func (e *expiring) Err() error {
	select {
	case <-e.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// A hundred attempts end with the call's time, and the error says what AWS
// answered until then.
func TestTheTimeOfACallBeatsItsAttempts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status    int
		code, say string
	}{
		{503, "ServiceUnavailable", "it answered 503 Service Unavailable until the time was up"},
		{400, "Throttling", "it asked to be called less often until the time was up"},
		{429, "TooManyRequestsException", "it asked to be called less often until the time was up"},
	} {
		t.Run(c.code, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			address, asked := refusing(t, c.status, c.code, "Rate exceeded")
			chain := w.chain(w.role(awsfake.Role{Name: "admin"}))
			chain.STS.URL, chain.STS.MaxAttempts = address, 100
			ctx := &expiring{Context: context.Background(), over: make(chan struct{})}
			w.options.Proxy = func(r *http.Request) (*url.URL, error) {
				if asked.Load() == 0 {
					return nil, nil
				}
				close(ctx.over) // the first answer is there, the second try begins
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			_, err := New(w.options).Credentials(ctx, chain)
			w.says(err, c.say, "AssumeRole of", "config:7")
			if !errors.Is(err, cache.ErrUnreachable) || asked.Load() > 2 {
				t.Errorf("asked %d times: %v", asked.Load(), err)
			}
		})
	}
}

// Every operation has a deadline within 30 seconds, whatever max_attempts says.
func TestOperationsHaveADeadline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	call := w.role(awsfake.Role{Name: "admin"})
	chain := w.chain(call)
	chain.STS.MaxAttempts = 100
	op := operation{name: "AssumeRole", call: &call, source: &chain.Source, signer: w.keys}
	start := time.Now()
	_, err := New(w.options).invoke(context.Background(), chain.STS, op, func(ctx context.Context, _ query.Client) error {
		if end, ok := ctx.Deadline(); !ok || end.After(start.Add(30*time.Second)) {
			t.Errorf("ends %v, %v", end, ok)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A request that this tool refuses to send is not tried again, and the reason
// is the error.
func TestOwnRefusalsAreFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tries := 0
	w.options.Proxy = func(*http.Request) (*url.URL, error) {
		tries++
		return nil, fault.New(fault.InvalidValue, "HTTPS_PROXY is not the address of a proxy").Fix("write it as http://HOST:PORT")
	}
	err := w.identify(profile.Endpoint{Region: "eu-west-1"})
	w.says(err, `profile "dev": HTTPS_PROXY is not the address of a proxy`, "write it as")
	if tries != 1 || errors.Is(err, cache.ErrUnreachable) {
		t.Errorf("%d tries: %v", tries, err)
	}
}

func TestRepeatable(t *testing.T) {
	t.Parallel()
	for want, err := range map[aws.Ternary]error{
		aws.FalseTernary:   fmt.Errorf("x: %w", fault.New("", "no")),
		aws.UnknownTernary: fmt.Errorf("x: %w", &proxyRefusal{status: 502}),
		aws.TrueTernary:    fmt.Errorf("x: %w", io.ErrUnexpectedEOF),
	} {
		if got := repeatable(err); got != want {
			t.Errorf("%v: %v", err, got)
		}
	}
	if got := repeatable(&proxyRefusal{status: 407}); got != aws.FalseTernary {
		t.Errorf("a proxy that wants a password is asked again: %v", got)
	}
}
