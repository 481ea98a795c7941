package query

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
)

var (
	errPassing = errors.New("passing")
	errLasting = errors.New("lasting")
	errBroke   = errors.New("no token left")
)

// ledger is a Retryer that notes what it is asked.
type ledger struct {
	attempts int
	delay    time.Duration
	// quota is how many retries it gives tokens for.
	quota  int
	delays error
	// every error may pass, and is not noted itself.
	every bool
	noted []string
}

func (l *ledger) note(format string, err error, args ...any) {
	if l.every && err != nil {
		err = errPassing
	}
	l.noted = append(l.noted, fmt.Sprintf(format, append([]any{err}, args...)...))
}

func (l *ledger) IsErrorRetryable(err error) bool { return l.every || errors.Is(err, errPassing) }
func (l *ledger) MaxAttempts() int                { return l.attempts }

func (l *ledger) RetryDelay(attempt int, err error) (time.Duration, error) {
	l.note("delay for %v after %d", err, attempt)
	return l.delay, l.delays
}

func (l *ledger) GetRetryToken(_ context.Context, err error) (func(error) error, error) {
	if l.quota--; l.quota < 0 {
		return nil, errBroke
	}
	l.note("retry for %v", err)
	return func(err error) error { l.note("repaid after %v", err); return nil }, nil
}

func (l *ledger) GetInitialToken() func(error) error {
	l.noted = append(l.noted, "token")
	return func(err error) error { l.note("back after %v", err); return nil }
}

// tries fails with these errors, one after the other, the last one for good.
func tries(l *ledger, errs ...error) func() error {
	return func() error {
		err := errs[0]
		if len(errs) > 1 {
			errs = errs[1:]
		}
		l.noted = append(l.noted, "try")
		return err
	}
}

func TestRepeat(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rules ledger
		errs  []error
		want  error
		noted string
	}{
		"at once":       {ledger{attempts: 3, quota: 9}, []error{nil}, nil, "token, try, back after <nil>"},
		"for good":      {ledger{attempts: 3, quota: 9}, []error{errLasting}, errLasting, "token, try, back after lasting"},
		"once":          {ledger{attempts: 1, quota: 9}, []error{errPassing}, errPassing, "token, try, back after passing"},
		"the second":    {ledger{attempts: 3, quota: 9}, []error{errPassing, nil}, nil, "token, try, back after passing, retry for passing, delay for passing after 1, token, try, repaid after <nil>, back after <nil>"},
		"then for good": {ledger{attempts: 3, quota: 9}, []error{errPassing, errLasting}, errLasting, "token, try, back after passing, retry for passing, delay for passing after 1, token, try, repaid after lasting, back after lasting"},
		"never": {ledger{attempts: 3, quota: 9}, []error{errPassing}, errPassing, "token, try, back after passing, retry for passing, delay for passing after 1, token, try, repaid after passing, back after passing, " +
			"retry for passing, delay for passing after 2, token, try, repaid after passing, back after passing"},
		"no quota":    {ledger{attempts: 3}, []error{errPassing}, errPassing, "token, try, back after passing"},
		"no delay":    {ledger{attempts: 3, quota: 9, delays: errLasting}, []error{errPassing}, errLasting, "token, try, back after passing, retry for passing, delay for passing after 1"},
		"any number":  {ledger{quota: 9}, []error{errPassing, errPassing, errPassing, errPassing, nil}, nil, ""},
		"quota of it": {ledger{quota: 2}, []error{errPassing}, errBroke, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := tc.rules
			err := Repeat(context.Background(), &l, tries(&l, tc.errs...))
			if !errors.Is(err, tc.want) {
				t.Errorf("%v, not %v", err, tc.want)
			}
			if got := strings.Join(l.noted, ", "); tc.noted != "" && got != tc.noted {
				t.Errorf("%s\nnot %s", got, tc.noted)
			}
		})
	}
}

// A wait ends with the caller's patience, and nothing is sent after it.
func TestWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	l := &ledger{attempts: 3, quota: 9, delay: time.Hour}
	err := Repeat(ctx, l, func() error {
		cancel()
		return errPassing
	})
	var cancelled *aws.RequestCanceledError
	if !errors.As(err, &cancelled) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := Repeat(ctx, l, func() error { t.Error("tried"); return nil }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// The adaptive mode holds a request back until it may be sent, and refuses it
// to one whose patience ends before.
func TestAdaptive(t *testing.T) {
	t.Parallel()
	asked := 0
	rules := attempts{retry.NewAdaptiveMode(), func(context.Context) (func(error) error, error) {
		asked++
		return func(error) error { return nil }, nil
	}}
	if err := Repeat(context.Background(), rules, func() error { return nil }); err != nil || asked != 1 {
		t.Error(err, asked)
	}
	rules.token = func(context.Context) (func(error) error, error) { return nil, errBroke }
	if err := Repeat(context.Background(), rules, func() error { t.Error("sent"); return nil }); !errors.Is(err, errBroke) {
		t.Error(err)
	}
}

// attempts is a RetryerV2 whose tokens for sending are a test's.
type attempts struct {
	aws.RetryerV2
	token func(context.Context) (func(error) error, error)
}

func (a attempts) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	return a.token(ctx)
}

// The SDK's own loop asks a Retryer the same, in the same order.
func TestRepeatAsTheSDK(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		status int
		text   string
	}{
		"granted":   {200, told("GetCallerIdentity", "<Arn>a</Arn>")},
		"denied":    {403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>"},
		"throttled": {400, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"},
		"trouble":   {503, ""},
		"a gateway": {502, "<html><p>no</html>"},
		"cut off":   {200, told("GetCallerIdentity", "<Arn>a</Arn>")[:60]},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(answer.status)
			_, _ = io.WriteString(rw, answer.text)
		}))
		defer s.Close()
		asked := func(call func(Client)) []string {
			l := &ledger{attempts: 3, quota: 9, every: true}
			c := caller(s.URL)
			c.Retryer = l
			call(c)
			return l.noted
		}
		ours := asked(func(c Client) {
			_, _ = Ask[struct{ Arn string }](context.Background(), c, "GetCallerIdentity", nil)
		})
		theirs := asked(func(c Client) {
			client := sts.New(sts.Options{
				Region: c.Region, BaseEndpoint: &c.Address, HTTPClient: c.HTTP, HTTPSignerV4: c.Signer, Retryer: c.Retryer,
				Credentials: c.Credentials, DisableClockSkewCorrection: true,
			})
			_, _ = client.GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
		})
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Errorf("%s: the SDK asks (-), we ask (+):\n%s", name, diff)
		}
	}
}
