package request

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// forever is longer than any test.
const forever = time.Hour

func sender(server *httptest.Server, idle time.Duration) Sender {
	return Sender{HTTP: server.Client(), Signer: ofAWS(), Idle: idle, Sleep: func(time.Duration) {}}
}

func serving(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// all reads an answer to its end.
func all(into *strings.Builder) func(*http.Response) error {
	return func(r *http.Response) error {
		fmt.Fprintf(into, "%d ", r.StatusCode)
		_, err := io.Copy(into, r.Body)
		return err
	}
}

// A body of some size goes through whole, with the hash that was signed.
func TestSend(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	write(t, path, strings.Repeat("some text\n", 300_000))
	server := serving(t, func(w http.ResponseWriter, r *http.Request) {
		hash := sha256.New()
		n, _ := io.Copy(hash, r.Body)
		if hex.EncodeToString(hash.Sum(nil)) != r.Header.Get("X-Amz-Content-Sha256") || r.ContentLength != n || r.Header.Get("Accept-Encoding") != "gzip" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = fmt.Fprintf(w, "%s %s %d", r.Method, r.RequestURI, n)
	})
	body, err := File(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := sender(server, forever).Send(t.Context(), message(t, "PUT", server.URL+"//a%2Fb/../c?x=+&a", body), all(&got)); err != nil {
		t.Fatal(err)
	}
	if want := "200 PUT //a%2Fb/../c?x=%20&a= 3000000"; got.String() != want {
		t.Errorf("%s", got.String())
	}
}

// An answer that came, and one that may have been on its way, is the only one.
func TestSentOnce(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	for name, handler := range map[string]http.HandlerFunc{
		"busy":   func(w http.ResponseWriter, _ *http.Request) { calls.Add(1); w.WriteHeader(503) },
		"broken": func(http.ResponseWriter, *http.Request) { calls.Add(1); panic(http.ErrAbortHandler) },
		"half": func(w http.ResponseWriter, _ *http.Request) {
			calls.Add(1)
			w.Header().Set("Content-Length", "10")
			_, _ = io.WriteString(w, "half")
		},
	} {
		calls.Store(0)
		var got strings.Builder
		err := sender(serving(t, handler), forever).Send(t.Context(), message(t, "GET", serving(t, handler).URL+"/?canary", Bytes(nil)), all(&got))
		if calls.Load() != 1 || (err == nil) != (name == "busy") || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %d calls, %v", name, calls.Load(), err)
		}
	}
}

// unreachable is a network that refuses some connections.
type unreachable struct {
	refuse atomic.Int32
	next   http.RoundTripper
}

func (u *unreachable) RoundTrip(r *http.Request) (*http.Response, error) {
	if u.refuse.Add(-1) >= 0 {
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	}
	return u.next.RoundTrip(r)
}

func TestAConnectionIsTriedThrice(t *testing.T) {
	t.Parallel()
	server := serving(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	for refuse, want := range map[int32]string{0: "200 abc", 2: "200 abc", 3: ""} {
		network := &unreachable{next: server.Client().Transport}
		network.refuse.Store(refuse)
		s := sender(server, forever)
		s.HTTP = &http.Client{Transport: network}
		var waits []time.Duration
		s.Sleep = func(d time.Duration) { waits = append(waits, d) }
		var got strings.Builder
		err := s.Send(t.Context(), message(t, "POST", server.URL, Bytes([]byte("abc"))), all(&got))
		if got.String() != want || (err == nil) != (want != "") || len(waits) != int(min(refuse, 2)) {
			t.Errorf("%d refused: %q, %v, waited %v", refuse, got.String(), err, waits)
		}
	}
}

func TestWorthAnother(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]bool{
		&net.OpError{Op: "dial", Err: errBroken}:                                            true,
		&net.DNSError{Err: "server misbehaving"}:                                            true,
		&net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}: false,
		&net.OpError{Op: "read", Err: errBroken}:                                            false,
		errBroken:                                                                           false,
	} {
		if worthAnother(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
}

// Where nothing comes, before the answer or within it, the request ends; what
// the reader of the answer does meanwhile takes no time from it.
func TestIdle(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	before := serving(t, func(w http.ResponseWriter, r *http.Request) { <-stop })
	within := serving(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "part")
		_ = http.NewResponseController(w).Flush()
		<-stop
	})
	t.Cleanup(func() { close(stop) }) // before the servers close
	for _, server := range []*httptest.Server{before, within} {
		var got strings.Builder
		err := sender(server, 20*time.Millisecond).Send(t.Context(), message(t, "GET", server.URL, Bytes(nil)), all(&got))
		if err == nil || !strings.Contains(err.Error(), "nothing came or went for 20ms") {
			t.Errorf("%q, %v", got.String(), err)
		}
	}
	fine := serving(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "done") })
	err := sender(fine, time.Minute).Send(t.Context(), message(t, "GET", fine.URL, Bytes(nil)), func(r *http.Response) error {
		if r.Request.Context().Err() != nil {
			t.Error("the time runs while nobody waits")
		}
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// The clock of a watch stands while its caller does something else.
func TestWatchStands(t *testing.T) {
	t.Parallel()
	ctx, w := newWatch(t.Context(), 20*time.Millisecond)
	defer w.end()
	if ctx.Err() != nil {
		t.Error("it began by itself")
	}
	w.answered.Store(true)
	if _, err := w.during(strings.NewReader("x")).Read(make([]byte, 1)); err != nil || ctx.Err() != nil {
		t.Error("what is sent after the answer counts")
	}
	if _, err := w.only(strings.NewReader("x")).Read(make([]byte, 1)); err != nil || w.timer.Stop() {
		t.Error("the clock runs after a piece of the answer came")
	}
	w.begin()
	<-ctx.Done()
	if err := w.cause(errBroken); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "nothing came") {
		t.Error(err)
	}
	if w.cause(nil) != nil {
		t.Error("an error out of nothing")
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := serving(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	err := sender(server, forever).Send(ctx, message(t, "GET", server.URL, Bytes(nil)), all(&strings.Builder{}))
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTakeFails(t *testing.T) {
	t.Parallel()
	server := serving(t, func(http.ResponseWriter, *http.Request) {})
	err := sender(server, forever).Send(t.Context(), message(t, "GET", server.URL, Bytes(nil)), func(*http.Response) error { return errBroken })
	if !errors.Is(err, errBroken) {
		t.Error(err)
	}
}
