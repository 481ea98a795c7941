package awsfake_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"assume-role/internal/awsfake"
)

func TestFaultsThatRefuse(t *testing.T) {
	t.Parallel()
	for mode, want := range map[awsfake.Mode]struct {
		status     int
		code, text string
	}{
		awsfake.InternalError: {500, "InternalFailure", "unknown error"},
		awsfake.Unavailable:   {503, "ServiceUnavailable", "temporary failure"},
		awsfake.Throttle:      {400, "Throttling", "Rate exceeded"},
		awsfake.Deny:          {403, "AccessDenied", "User: arn:aws:iam::123456789012:user/alice is not authorized to perform: sts:AssumeRole with an explicit deny"},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			a := newAlice(t)
			secrets := len(a.Secrets())
			a.Inject(awsfake.Fault{Action: "AssumeRole", Mode: mode, Times: 1})
			identity(t, a.Fake, a.keys)
			_, err := client(a.Fake, a.keys).AssumeRole(t.Context(), a.input())
			refused(t, err, want.status, want.code, want.text)
			if len(a.Secrets()) != secrets {
				t.Error("the call was done")
			}
			a.assume(t, a.keys, nil)
		})
	}
}

// TestFaultsThatBreakTheAnswer: nothing comes back; whether the call was done
// shows in the code that it spent.
func TestFaultsThatBreakTheAnswer(t *testing.T) {
	t.Parallel()
	for mode, want := range map[awsfake.Mode]struct {
		cause error
		codes int
	}{
		awsfake.Reset:    {syscall.ECONNRESET, 0},
		awsfake.Lost:     {syscall.ECONNRESET, 1},
		awsfake.Truncate: {io.ErrUnexpectedEOF, 1},
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			a := newAlice(t)
			a.Inject(awsfake.Fault{Mode: mode, Times: 1})
			_, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{
				SerialNumber: &a.device.Serial, TokenCode: aws.String(a.device.Code()),
			})
			if !errors.Is(err, want.cause) && !strings.Contains(err.Error(), want.cause.Error()) {
				t.Errorf("error = %v, want %v", err, want.cause)
			}
			if a.Codes() != want.codes {
				t.Errorf("%d codes accepted, want %d", a.Codes(), want.codes)
			}
		})
	}
}

func TestHang(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.Inject(awsfake.Fault{Mode: awsfake.Hang})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	call := func(ctx context.Context) {
		_, err := client(a.Fake, a.keys).GetCallerIdentity(ctx, nil)
		ended <- err
	}
	go call(ctx)
	go call(t.Context())
	for a.Count("GetCallerIdentity") < 2 {
		if t.Context().Err() != nil {
			t.Fatal("the calls never arrived")
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("a hanging call ended: %v", err)
	default:
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the client went away: %v", err)
	}
	a.Close()
	if err := <-ended; err == nil {
		t.Error("Close answered a hanging call")
	}
}

func TestFaultCounts(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	works := func() bool {
		_, err := client(a.Fake, a.keys).GetCallerIdentity(t.Context(), nil)
		return err == nil
	}
	got := func(n int) (s string) {
		for range n {
			s += map[bool]string{true: "+", false: "-"}[works()]
		}
		return s
	}
	a.Inject(awsfake.Fault{Action: "GetCallerIdentity", Mode: awsfake.Throttle, Times: 2, After: 1})
	if s := got(5); s != "+--++" {
		t.Errorf("after 1, 2 times: %s", s)
	}
	a.Inject(awsfake.Fault{Action: "AssumeRole", Mode: awsfake.Throttle})
	a.Inject(awsfake.Fault{Mode: awsfake.InternalError})
	if s := got(3); s != "---" {
		t.Errorf("until cleared: %s", s)
	}
	a.ClearFaults()
	if s := got(2); s != "++" {
		t.Errorf("cleared: %s", s)
	}
}

func TestSkewedDate(t *testing.T) {
	t.Parallel()
	f := start(t)
	date := func() time.Time {
		response, err := http.Get(f.URL())
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		at, err := http.ParseTime(response.Header.Get("Date"))
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	about := func(want time.Time) {
		t.Helper()
		if d := date().Sub(want).Abs(); d > time.Minute {
			t.Errorf("Date is %v from %v", d, want)
		}
	}
	about(time.Now())
	f.Advance(2 * time.Hour)
	about(time.Now().Add(2 * time.Hour))
	f.Inject(awsfake.Fault{Mode: awsfake.Skew, Skew: -time.Hour})
	about(time.Now().Add(time.Hour))
}

// TestLatency lets a call wait for an hour, so that nothing depends on how fast
// the machine is: it must still be waiting when the client gives up.
func TestLatency(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	a.SetLatency("AssumeRole", time.Hour)
	identity(t, a.Fake, a.keys)
	a.SetLatency("", time.Hour)
	a.SetLatency("GetCallerIdentity", 0)
	identity(t, a.Fake, a.keys)
	for name, call := range map[string]func(context.Context, *sts.Client) error{
		"AssumeRole":      func(ctx context.Context, c *sts.Client) error { _, err := c.AssumeRole(ctx, a.input()); return err },
		"GetSessionToken": func(ctx context.Context, c *sts.Client) error { _, err := c.GetSessionToken(ctx, nil); return err },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- call(ctx, client(a.Fake, a.keys)) }()
		for a.Count(name) == 0 {
			if t.Context().Err() != nil {
				t.Fatal("the call never arrived")
			}
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s did not wait: %v", name, err)
		}
	}
	for _, c := range a.Calls() {
		if c.Action != "GetCallerIdentity" && c.Status != 0 {
			t.Errorf("%s was answered with %d", c.Action, c.Status)
		}
	}
}

// TestOneCodeAmongMany: of many calls with one code at the same time, one wins.
func TestOneCodeAmongMany(t *testing.T) {
	t.Parallel()
	a := newAlice(t)
	code := a.device.Code()
	var won sync.Map
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			_, err := client(a.Fake, a.keys).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{SerialNumber: &a.device.Serial, TokenCode: &code})
			if err == nil {
				won.Store(i, true)
			}
			a.device.Code()
			a.Advance(time.Millisecond)
			a.Calls()
			a.Secrets()
		})
	}
	all.Wait()
	winners := 0
	won.Range(func(any, any) bool { winners++; return true })
	if winners != 1 || a.Codes() != 1 || a.Count("GetSessionToken") != 16 || a.Count("") != 16 {
		t.Errorf("%d winners, %d codes, %d calls", winners, a.Codes(), a.Count(""))
	}
}

// TestUnknownMode: a typing mistake in a test must not look like a pass.
func TestUnknownMode(t *testing.T) {
	t.Parallel()
	f := start(t)
	defer func() {
		if recover() == nil {
			t.Error("a mode that does not exist was accepted")
		}
	}()
	f.Inject(awsfake.Fault{Mode: "rest"})
}
