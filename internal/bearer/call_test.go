package bearer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"assume-role/internal/fault"
)

const (
	token = "canary-token-in-the-header"
	word  = "canary-word-in-the-body"
	query = "canary-of-the-query"
)

// service answers one call after the other with the handlers; the last one
// goes on. It counts.
type service struct {
	*httptest.Server
	calls atomic.Int32
	debug strings.Builder
	waits []time.Duration
}

func serve(t *testing.T, handlers ...http.HandlerFunc) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers[min(int(s.calls.Add(1)), len(handlers))-1](w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) client() *Client {
	return &Client{
		HTTP: s.Server.Client(), UserAgent: "assume-role/test",
		Debug: func(format string, args ...any) { fmt.Fprintf(&s.debug, format+"\n", args...) },
		Sleep: func(d time.Duration) { s.waits = append(s.waits, d) },
	}
}

// post makes a call full of secrets, none of which may come back.
func (s *service) post(t *testing.T, once bool, into any) error {
	t.Helper()
	err := s.client().JSON(t.Context(), Request{
		Method: http.MethodPost, URL: s.URL + "/token?code=" + query, Once: once,
		Header: http.Header{"Authorization": {"Bearer " + token}},
		Body:   map[string]any{"refreshToken": word},
	}, into)
	for _, secret := range []string{token, word, query} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) || strings.Contains(s.debug.String(), secret) {
			t.Errorf("%s is shown: %v\n%s", secret, err, s.debug.String())
		}
	}
	return err
}

func answer(status int, text string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

func broken(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func TestJSON(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		got := map[string]string{
			"method": r.Method, "path": r.URL.RequestURI(), "body": string(text), "type": r.Header.Get("Content-Type"),
			"accept": r.Header.Get("Accept"), "agent": r.UserAgent(), "token": r.Header.Get("Authorization"),
		}
		_ = json.NewEncoder(w).Encode(got)
	})
	var got map[string]string
	if err := s.post(t, false, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"method": "POST", "path": "/token?code=" + query, "body": `{"refreshToken":"` + word + `"}`, "type": "application/json",
		"accept": "application/json", "agent": "assume-role/test", "token": "Bearer " + token,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestGetHasNoBody(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 || r.Header.Get("Content-Type") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, `{}`)
	})
	if err := s.client().JSON(t.Context(), Request{Method: http.MethodGet, URL: s.URL}, nil); err != nil {
		t.Error(err)
	}
}

// Every form in which AWS's JSON services name their errors.
func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		want    Refusal
	}{
		"a header": {
			answer(401, `{"message":"Session token not found or invalid"}`, "x-amzn-ErrorType", "UnauthorizedException:http://internal.amazon.com/", "x-amzn-RequestId", "r-1"),
			Refusal{Status: 401, Code: "UnauthorizedException", Text: "Session token not found or invalid", RequestID: "r-1"},
		},
		"__type": {
			answer(403, `{"message":"No access","__type":"com.amazonaws.switchboard.portal#ForbiddenException"}`),
			Refusal{Status: 403, Code: "ForbiddenException", Text: "No access"},
		},
		"code": {
			answer(400, `{"code":"InvalidRequestException","Message":"bad."}`, "x-amz-request-id", "r-2"),
			Refusal{Status: 400, Code: "InvalidRequestException", Text: "bad", RequestID: "r-2"},
		},
		"OAuth": {
			answer(400, `{"error":"invalid_grant","error_description":"Invalid refresh token provided"}`, "x-amzn-ErrorType", "InvalidGrantException"),
			Refusal{Status: 400, Code: "InvalidGrantException", Reason: "invalid_grant", Text: "Invalid refresh token provided"},
		},
		"OAuth alone":     {answer(400, `{"error":"slow_down"}`), Refusal{Status: 400, Code: "slow_down", Reason: "slow_down"}},
		"no JSON":         {answer(403, `<html>blocked</html>`), Refusal{Status: 403}},
		"another form":    {answer(404, `["x"]`), Refusal{Status: 404}},
		"several lines":   {answer(400, "{\"__type\":\"E\",\"message\":\"a\\n b\\tc\"}"), Refusal{Status: 400, Code: "E", Text: "a b c"}},
		"what was sent":   {answer(400, `{"__type":"E","message":"`+word+` and `+token+`"}`), Refusal{Status: 400, Code: "E", Text: "*** and ***"}},
		"too much":        {answer(400, `{"__type":"E","message":"`+strings.Repeat("é", 400)+`"}`), Refusal{Status: 400, Code: "E", Text: strings.Repeat("é", 300) + "…"}},
		"no word at all":  {answer(418, ``), Refusal{Status: 418}},
		"a secret's name": {answer(400, `{"__type":"`+word+`"}`), Refusal{Status: 400, Code: "***"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tc.handler)
			var got *Refusal
			if err := s.post(t, false, nil); !errors.As(err, &got) {
				t.Fatalf("%T %v", err, err)
			}
			tc.want.Host = s.Listener.Addr().String()
			if d := cmp.Diff(tc.want, *got); d != "" {
				t.Error(d)
			}
			if s.calls.Load() != 1 {
				t.Errorf("%d calls", s.calls.Load())
			}
		})
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	good := answer(200, `{}`)
	for name, tc := range map[string]struct {
		handlers []http.HandlerFunc
		once     bool
		calls    int
		good     bool
	}{
		"busy twice":              {[]http.HandlerFunc{answer(429, `{"__type":"TooManyRequestsException"}`), answer(503, ``), good}, false, 3, true},
		"busy for good":           {[]http.HandlerFunc{answer(500, ``)}, false, 3, false},
		"cut off":                 {[]http.HandlerFunc{broken, answer(200, `{"a":`), good}, false, 3, true},
		"a refusal":               {[]http.HandlerFunc{answer(400, `{}`), good}, false, 1, false},
		"a redirect":              {[]http.HandlerFunc{answer(302, ``, "Location", "/elsewhere"), good}, false, 1, false},
		"once, in trouble":        {[]http.HandlerFunc{answer(500, ``), good}, true, 1, false},
		"once, busy":              {[]http.HandlerFunc{answer(429, `{}`), good}, true, 1, false},
		"once, the answer lost":   {[]http.HandlerFunc{broken, good}, true, 1, false},
		"once, an unclear answer": {[]http.HandlerFunc{answer(200, `<html>`), good}, true, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tc.handlers...)
			err := s.post(t, tc.once, &struct{}{})
			if (err == nil) != tc.good || int(s.calls.Load()) != tc.calls || len(s.waits) != tc.calls-1 {
				t.Errorf("%v after %d calls and waits of %v", err, s.calls.Load(), s.waits)
			}
		})
	}
}

func TestAttemptsAreTheUsers(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(500, ``))
	c := s.client()
	c.Attempts = 1
	if err := c.JSON(t.Context(), Request{URL: s.URL}, nil); err == nil || s.calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, s.calls.Load())
	}
}

// What never left this machine is repeated even where it must not arrive
// twice.
func TestUnsentIsRepeated(t *testing.T) {
	t.Parallel()
	s := serve(t, answer(200, `{}`))
	s.Close()
	err := s.post(t, true, nil)
	var u *Unreachable
	if !errors.As(err, &u) || u.Host != strings.TrimPrefix(s.URL, "http://") || u.Status != 0 || len(s.waits) != 2 {
		t.Errorf("%T %v after waits of %v", err, err, s.waits)
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		header      string
		try         int
		least, most time.Duration
	}{
		{"", 1, firstPause / 2, firstPause},
		{"", 2, firstPause, 2 * firstPause},
		{"2", 1, 2 * time.Second, 2 * time.Second},
		{"20", 1, longestPause, longestPause},
		{"3600", 1, firstPause / 2, firstPause},
		{"-1", 1, firstPause / 2, firstPause},
		{"Wed, 21 Oct 2026 07:28:00 GMT", 1, firstPause / 2, firstPause},
	} {
		got := attempt{wait: retryAfter(http.Header{"Retry-After": {tc.header}})}.pause(tc.try)
		if got < tc.least || got > tc.most {
			t.Errorf("Retry-After %q, try %d: %s", tc.header, tc.try, got)
		}
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		handler http.HandlerFunc
		status  int
	}{
		"trouble":      {answer(502, `{"message":"x"}`), 502},
		"a portal":     {answer(302, ``, "Location", "https://hotel.example/?"+query), 302},
		"a page":       {answer(200, `<html>`), 200},
		"half a JSON":  {answer(200, `{"a":`), 200},
		"another type": {answer(200, `[]`), 200},
		"too long":     {answer(200, `{}`+strings.Repeat(" ", answerLimit)), 200},
		"cut off":      {broken, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var u *Unreachable
			if err := serve(t, tc.handler).post(t, false, &struct{}{}); !errors.As(err, &u) || u.Status != tc.status || u.Err == nil {
				t.Errorf("%T %v", err, err)
			}
		})
	}
}

// refusing is a transport that lets nothing through.
type refusing struct{ calls int }

var errPlain = fault.New("", "not in plain http")

func (r *refusing) RoundTrip(*http.Request) (*http.Response, error) {
	r.calls++
	return nil, fmt.Errorf("guard: %w", errPlain)
}

func TestGuardsRefusalIsFinal(t *testing.T) {
	t.Parallel()
	transport := &refusing{}
	c := &Client{HTTP: &http.Client{Transport: transport}}
	err := c.JSON(t.Context(), Request{URL: "http://sso.example/?" + query}, nil)
	if !errors.Is(err, error(errPlain)) || transport.calls != 1 || strings.Contains(err.Error(), query) {
		t.Errorf("%v after %d calls", err, transport.calls)
	}
}

func TestAddressesThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	c := &Client{HTTP: http.DefaultClient}
	for _, address := range []string{"https://h/%zz?" + query, "http://a b/?" + query} {
		var u *Unreachable
		if err := c.JSON(t.Context(), Request{URL: address}, nil); !errors.As(err, &u) || strings.Contains(err.Error(), query) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestBodiesWithoutJSON(t *testing.T) {
	t.Parallel()
	c := &Client{HTTP: http.DefaultClient}
	err := c.JSON(t.Context(), Request{URL: "http://127.0.0.1:1", Body: func() string { return word }}, nil)
	if err == nil || strings.Contains(err.Error(), word) {
		t.Error(err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		broken(w, nil)
	})
	if err := s.client().JSON(ctx, Request{URL: s.URL}, nil); !errors.Is(err, context.Canceled) || s.calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, s.calls.Load())
	}
}

// A server that accepts and says nothing costs no more than the call's time.
func TestTheCallHasALimit(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	c := &Client{HTTP: &http.Client{}}
	if err := c.JSON(ctx, Request{URL: "http://" + listener.Addr().String()}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func FuzzRefusal(f *testing.F) {
	f.Add("UnauthorizedException:http://x/", []byte(`{"message":"m"}`))
	f.Add("", []byte(`{"__type":"a#B:c","error":"d","error_description":"e"}`))
	f.Add("#", []byte(`{"message":5,"__type":[]}`))
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		response := &http.Response{
			StatusCode: 400, Header: http.Header{"X-Amzn-Errortype": {header}},
			Request: &http.Request{URL: &url.URL{Host: "sso.test"}},
		}
		r := refusal(response, body, []string{word})
		if text := r.Error(); strings.ContainsAny(r.Text+r.Code, "\n\t") || len(text) > 2400 || strings.Contains(text, word) {
			t.Errorf("%q", text)
		}
	})
}

// Nothing but unsent requests may be repeated when they carry what is used up.
func TestUnsent(t *testing.T) {
	t.Parallel()
	for want, errs := range map[bool][]error{
		true:  {&net.OpError{Op: "dial", Err: errors.New("x")}, &net.DNSError{}},
		false: {&net.OpError{Op: "read", Err: errors.New("x")}, errors.New("x"), context.DeadlineExceeded},
	} {
		for _, err := range errs {
			if Unsent(err) != want {
				t.Errorf("unsent: %v: %v", err, !want)
			}
		}
	}
}

// A no without AWS's name for it is a proxy's: AWS was not asked.
func TestOfAWS(t *testing.T) {
	t.Parallel()
	own, foreign := &Refusal{Status: 403, Code: "ForbiddenException"}, &Refusal{Host: "h:1", Status: 403, Text: "blocked"}
	if err := OfAWS(own); err != error(own) {
		t.Errorf("AWS's own: %v", err)
	}
	var u *Unreachable
	if err := OfAWS(fmt.Errorf("x: %w", foreign)); !errors.As(err, &u) || u.Host != "h:1" || u.Status != 403 || strings.Contains(err.Error(), "blocked") {
		t.Errorf("a proxy's: %v", err)
	}
	if err := OfAWS(nil); err != nil {
		t.Error(err)
	}
}

// TestForm: a form is posted as one, and nothing of it comes back, not even a
// string of the JSON in a field.
func TestForm(t *testing.T) {
	t.Parallel()
	form := url.Values{"Action": {"get"}, "Session": {`{"key":"canary-key-in-the-form"}`}}
	s := serve(t,
		func(w http.ResponseWriter, r *http.Request) {
			text, _ := io.ReadAll(r.Body)
			if got, err := url.ParseQuery(string(text)); err != nil || !cmp.Equal(got, form) || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
				t.Errorf("%s as %s", text, r.Header.Get("Content-Type"))
			}
			_, _ = io.WriteString(w, `{"Token":"x"}`)
		},
		answer(400, `{"message":"no key canary-key-in-the-form in `+url.QueryEscape(form.Get("Session"))+`"}`),
		answer(400, `<html>canary-key-in-the-form</html>`),
	)
	ask := Request{Method: http.MethodPost, URL: s.URL + "/federation", Form: form}
	var got struct{ Token string }
	if err := s.client().JSON(t.Context(), ask, &got); err != nil || got.Token != "x" {
		t.Error(got, err)
	}
	for range 2 {
		var refusal *Refusal
		if err := s.client().JSON(t.Context(), ask, &got); !errors.As(err, &refusal) || refusal.Status != 400 || strings.Contains(fmt.Sprintf("%+v", err), "canary") {
			t.Errorf("%+v", err)
		}
	}
}
