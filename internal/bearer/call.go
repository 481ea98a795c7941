package bearer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/waiting"
)

const (
	// callTime is how long one call may take, retries included.
	callTime = 29 * time.Second
	// answerLimit is what an answer may hold, in bytes: AWS's are a few KB.
	answerLimit = 1 << 20
	// defaultAttempts is the SDKs' own (max_attempts in the SDK reference).
	defaultAttempts = 3
	// firstPause is about how long the second try waits; each further one waits
	// twice as long. longestPause bounds what a server asks for.
	firstPause   = 500 * time.Millisecond
	longestPause = 5 * time.Second
)

// Request is one call.
type Request struct {
	// Method is HTTP's.
	Method string
	// URL is the whole address. No message shows its query.
	URL string
	// Header is sent beside the JSON ones; no message shows it.
	Header http.Header
	// Body is sent as JSON; nil sends none. No message shows it.
	Body any
	// Form is sent as a form where there is no Body. No message shows it.
	Form url.Values
	// Once says that the request must not arrive twice, because something in
	// it is used up: it is repeated only when it cannot have left this machine.
	Once bool
}

// JSON makes a call and decodes the answer into into. What did not come
// through, and what AWS was too busy for, is tried again, all within 29
// seconds; redirects are not followed. The error is a *Refusal when the
// service said no, an *Unreachable when it did not answer sensibly, Guard's
// own *fault.Error when the address must not have the secret, and ctx's when
// that was cancelled. None holds anything that was sent.
func (c *Client) JSON(ctx context.Context, r Request, into any) error {
	limited, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	body, err := r.body()
	if err != nil {
		return err
	}
	defer waiting.For(ctx, "calling "+r.host())()
	for try := 1; ; try++ {
		a := c.attempt(limited, r, body, into)
		c.debug(r, a)
		if a.err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if try >= c.attempts() || !a.worthAnother(r.Once) || !c.pause(limited, a.pause(try)) {
			return a.err
		}
	}
}

// host is all of the address that may be shown: the rest can be a secret.
func (r Request) host() string {
	address, err := url.Parse(r.URL)
	if err != nil {
		return "a service"
	}
	return address.Host
}

// body is the request's JSON, or its form. A value without one is a programming error, told
// without the value.
func (r Request) body() ([]byte, error) {
	if r.Body == nil {
		return []byte(r.Form.Encode()), nil
	}
	text, err := json.Marshal(r.Body)
	if err != nil {
		return nil, fmt.Errorf("a %T has no JSON form", r.Body)
	}
	return text, nil
}

func (c *Client) attempts() int {
	if c.Attempts > 0 {
		return c.Attempts
	}
	return defaultAttempts
}

// attempt is what came of one try.
type attempt struct {
	// status is HTTP's, 0 without an answer.
	status int
	// wait is what the server asked for.
	wait time.Duration
	// unsent: nothing of the request has left this machine.
	unsent    bool
	requestID string
	err       error
}

// worthAnother: another try may do better, and does no harm.
func (a attempt) worthAnother(once bool) bool {
	var guarded *fault.Error
	switch {
	case errors.As(a.err, &guarded):
		return false
	case a.unsent:
		return true
	case once:
		return false
	}
	return a.status == 0 || a.status == http.StatusTooManyRequests || a.status >= http.StatusInternalServerError || a.status < http.StatusMultipleChoices
}

// pause is how long to wait before the next try: what the server asked for
// within reason, else twice as long every time and never the same for many
// clients at once.
func (a attempt) pause(try int) time.Duration {
	longest := firstPause << (try - 1)
	return min(longestPause, max(a.wait, longest/2+rand.N(longest/2+1)))
}

// pause waits; false when ctx ended.
func (c *Client) pause(ctx context.Context, d time.Duration) bool {
	if c.Sleep != nil {
		c.Sleep(d)
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// attempt sends the request and reads the answer.
func (c *Client) attempt(ctx context.Context, r Request, body []byte, into any) attempt {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(body))
	if err != nil {
		return attempt{status: http.StatusBadRequest, err: &Unreachable{Err: errors.New("the address cannot be used")}}
	}
	c.dress(request, r)
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(request)
	if err != nil {
		return failed(request.URL.Host, err)
	}
	defer response.Body.Close()
	a := attempt{status: response.StatusCode, wait: retryAfter(response.Header), requestID: requestID(response.Header)}
	text, err := read(response.Body)
	if err != nil {
		a.err = &Unreachable{Host: request.URL.Host, Status: a.status, Err: err}
		return a
	}
	a.err = judge(response, text, into, sent(r.Header, r.Form, body))
	return a
}

// dress sets the headers.
func (c *Client) dress(request *http.Request, r Request) {
	for name, values := range r.Header {
		request.Header[name] = values
	}
	if request.Header.Get("Accept") == "" {
		request.Header.Set("Accept", "application/json")
	}
	switch {
	case r.Body != nil:
		request.Header.Set("Content-Type", "application/json")
	case r.Form != nil:
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.UserAgent != "" {
		request.Header.Set("User-Agent", c.UserAgent)
	}
}

// failed is a try without an answer. net/http's own error shows the address,
// query and all; what is beneath it does not.
func failed(host string, err error) attempt {
	var guarded *fault.Error
	if errors.As(err, &guarded) {
		return attempt{err: guarded}
	}
	var whole *url.Error
	if errors.As(err, &whole) {
		err = whole.Err
	}
	return attempt{unsent: Unsent(err), err: &Unreachable{Host: host, Err: err}}
}

var errTooLong = errors.New("the answer is too long")

// read reads an answer within the limit.
func read(body io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(body, answerLimit+1))
	if err == nil && len(text) > answerLimit {
		err = errTooLong
	}
	return text, err
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > int(callTime/time.Second) {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func requestID(h http.Header) string {
	if id := h.Get("X-Amzn-Requestid"); id != "" {
		return id
	}
	return h.Get("X-Amz-Request-Id")
}

// debug tells one try; the path has no secret, the query may.
func (c *Client) debug(r Request, a attempt) {
	if c.Debug == nil {
		return
	}
	where := ""
	if u, err := url.Parse(r.URL); err == nil {
		where = u.Host + u.Path
	}
	if a.err != nil {
		c.Debug("%s %s: status %d, request id %q: %v", r.Method, where, a.status, a.requestID, a.err)
		return
	}
	c.Debug("%s %s: status %d, request id %q", r.Method, where, a.status, a.requestID)
}
