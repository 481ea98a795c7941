// Package loopback receives a browser's answer on this machine, as RFC 8252
// describes for native applications (section 7.3): a listener on a free port
// of 127.0.0.1, opened before the browser, for the one redirect that ends a
// sign-in.
package loopback

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"assume-role/internal/creds"
)

const (
	// MaxWait is how long a person has for the browser, as in the AWS CLI.
	MaxWait = 10 * time.Minute
	// lastWords is how long the page that ends a sign-in may take to be sent.
	lastWords = time.Second
	// headerTime and headerBytes bound what a request may bring.
	headerTime  = 10 * time.Second
	headerBytes = 32 << 10
)

// The ways in which a sign-in comes to nothing here. An answer of the
// service's own is a *Refusal.
var (
	// ErrNoAnswer says that no browser came back within MaxWait.
	ErrNoAnswer = errors.New("no answer came from the browser")
	// ErrState says that a browser brought the answer of another sign-in, or
	// one that somebody forged (RFC 6749, section 10.12).
	ErrState = errors.New("the browser brought the answer of another sign-in")
	// ErrAnswer says that an answer was neither a code nor a refusal.
	ErrAnswer = errors.New("the browser brought an answer without a code")
)

// Refusal is the service's no, as it stands in the redirect (RFC 6749, section
// 4.1.2.1). Both texts are the service's, and not made visible.
type Refusal struct{ Code, Description string }

// Error says both texts.
func (r *Refusal) Error() string {
	if r.Description == "" {
		return r.Code
	}
	return r.Code + ": " + r.Description
}

// Listener waits for one redirect. Close it when it is not needed any more.
type Listener struct {
	port     string
	path     string
	state    creds.Secret
	start    string // the path of the page that leads to the sign-in
	link     atomic.Pointer[string]
	server   *http.Server
	answers  chan answer
	patience time.Duration
}

// answer is what a redirect brought.
type answer struct {
	code creds.Secret
	err  error
}

// Listen opens a listener for redirects to path, such as /oauth/callback, on a
// free port of 127.0.0.1. From here on no answer is lost.
func Listen(path string) (*Listener, error) {
	socket, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no port of 127.0.0.1 can be opened: %w", err)
	}
	l := &Listener{
		port: strconv.Itoa(socket.Addr().(*net.TCPAddr).Port), path: path,
		state: creds.Secret(random()), start: "/start/" + random(),
		answers: make(chan answer, 1), patience: MaxWait,
	}
	l.server = &http.Server{
		Handler: l, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime, WriteTimeout: headerTime,
		MaxHeaderBytes: headerBytes, ErrorLog: log.New(io.Discard, "", 0),
	}
	l.server.SetKeepAlivesEnabled(false)
	go func() { _ = l.server.Serve(socket) }() // it ends when the listener is closed
	return l, nil
}

// random is 256 bits as text.
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// RedirectURI is where the service must send the browser, port and all.
func (l *Listener) RedirectURI() string { return "http://127.0.0.1:" + l.port + l.path }

// State is what the service must hand back with its answer: 256 random bits.
func (l *Listener) State() creds.Secret { return l.state }

// Page returns the address of a page of this listener that sends the first
// who asks for it on to link, and nobody else. It is what a browser is started
// with: other users of the machine see the arguments of a program, and the
// link has the state in it.
func (l *Listener) Page(link string) string {
	l.link.Store(&link)
	return "http://127.0.0.1:" + l.port + l.start
}

// Wait returns the code that the browser brought. The error is a *Refusal, one
// of the errors of this package, or ctx's own.
func (l *Listener) Wait(ctx context.Context) (creds.Secret, error) {
	timer := time.NewTimer(l.patience)
	defer timer.Stop()
	select {
	case a := <-l.answers:
		return a.code, a.err
	case <-timer.C:
		return "", ErrNoAnswer
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Close frees the port. A page that is on its way is sent first.
func (l *Listener) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		_ = l.server.Close() // what a browser opened in advance and never used
	}
}
