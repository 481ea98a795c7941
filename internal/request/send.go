package request

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"assume-role/internal/bearer"
	"assume-role/internal/fault"
	"assume-role/internal/waiting"
)

// Message is one request before it is signed.
type Message struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   Body
}

// HTTP is the message as net/http sends it. Its Body is to be read once.
func (m Message) HTTP(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, m.Method, "/", nil)
	if err != nil {
		return nil, err
	}
	address := *m.URL
	r.URL, r.Host, r.Header = &address, address.Host, m.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if m.Body.Length > 0 {
		r.ContentLength = m.Body.Length
		r.Body, err = m.Body.open()
	}
	return r, err
}

// Sender sends a message once. Only where no connection was made is it sent
// again.
type Sender struct {
	// HTTP makes the connections and follows no redirect.
	HTTP   *http.Client
	Signer Signer
	// Idle is how long nothing may come or go.
	Idle time.Duration
	// Sleep waits between two tries; nil waits for real.
	Sleep func(time.Duration)
}

const (
	// attempts are those to make a connection.
	attempts = 3
	pause    = 500 * time.Millisecond
)

// Send sends the message and hands its answer, whatever its status, to take. An
// error is the transport's, take's, or a *fault.Error.
func (s Sender) Send(ctx context.Context, m Message, take func(*http.Response) error) error {
	for try := 1; ; try++ {
		err := s.once(ctx, m, take)
		if !worthAnother(err) || ctx.Err() != nil || try == attempts {
			return err
		}
		s.sleep(ctx, pause<<(try-1))
	}
}

// worthAnother: no connection was made, and there is a host to make one to.
func worthAnother(err error) bool {
	var dns *net.DNSError
	return bearer.Unsent(err) && !(errors.As(err, &dns) && dns.IsNotFound)
}

func (s Sender) sleep(ctx context.Context, d time.Duration) {
	if s.Sleep != nil {
		s.Sleep(d)
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (s Sender) once(ctx context.Context, m Message, take func(*http.Response) error) error {
	ctx, watch := newWatch(ctx, s.Idle)
	defer watch.end()
	r, err := m.HTTP(ctx)
	if err != nil {
		return err
	}
	if err := s.Signer.Sign(ctx, r, m.Body.SHA256); err != nil {
		return err
	}
	if r.Body != nil {
		r.Body = readCloser{watch.during(r.Body), r.Body}
	}
	watch.begin()
	end := waiting.For(ctx, "calling "+m.URL.Host)
	response, err := s.HTTP.Do(r)
	end()
	watch.answered.Store(true)
	watch.pause()
	if err != nil {
		return watch.cause(beneath(err))
	}
	defer response.Body.Close()
	response.Body = readCloser{watch.only(response.Body), response.Body}
	return watch.cause(take(response))
}

// beneath is an error of net/http without the address, whose query it would
// show.
func beneath(err error) error {
	var whole *url.Error
	if errors.As(err, &whole) {
		return whole.Err
	}
	return err
}

type readCloser struct {
	io.Reader
	io.Closer
}

// watch ends a request through which nothing has come or gone for a time. The
// time in which the caller does something else does not count.
type watch struct {
	limit  time.Duration
	timer  *time.Timer
	ctx    context.Context
	cancel context.CancelCauseFunc
	// answered: what else is sent is nobody's wait any more.
	answered atomic.Bool
}

var errIdle = errors.New("idle")

func newWatch(ctx context.Context, limit time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{limit: limit, ctx: ctx, cancel: cancel}
	w.timer = time.AfterFunc(limit, func() { cancel(errIdle) })
	w.timer.Stop()
	return ctx, w
}

func (w *watch) begin() { w.timer.Reset(w.limit) }
func (w *watch) pause() { w.timer.Stop() }
func (w *watch) end()   { w.timer.Stop(); w.cancel(nil) }

// cause is an error, or what it comes from: that the time was up.
func (w *watch) cause(err error) error {
	if err == nil || !errors.Is(context.Cause(w.ctx), errIdle) {
		return err
	}
	return fault.New("", "nothing came or went for %s", w.limit).Fix("see that the service is reachable, or wait longer with --timeout").
		Because(fmt.Errorf("%w: %w", errIdle, err))
}

// during reads what is sent: as long as some of it is asked for, it goes.
func (w *watch) during(r io.Reader) io.Reader {
	return reader(func(p []byte) (int, error) {
		if !w.answered.Load() {
			w.begin()
		}
		return r.Read(p)
	})
}

// only reads an answer: only while some of it is waited for, time counts.
func (w *watch) only(r io.Reader) io.Reader {
	return reader(func(p []byte) (int, error) {
		w.begin()
		defer w.pause()
		return r.Read(p)
	})
}

type reader func([]byte) (int, error)

// Read implements io.Reader.
func (r reader) Read(p []byte) (int, error) { return r(p) }
