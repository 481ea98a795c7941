// Package loopback is what a browser finds on a free port of 127.0.0.1: a Page
// that leads it to a secret link once, and a Listener for the one redirect that
// ends a sign-in, as RFC 8252 describes for native applications (section 7.3).
package loopback

import (
	"context"
	"errors"
	"net"
	"time"

	"assume-role/internal/creds"
)

// MaxWait is how long a person has for a sign-in, as in the AWS CLI.
const MaxWait = 10 * time.Minute

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
	*door
	path     string
	state    creds.Secret
	start    once // the page that leads to the sign-in
	answers  chan result
	patience time.Duration
}

// result is what a redirect brought.
type result struct {
	code creds.Secret
	err  error
}

// Listen opens a listener for redirects to path, such as /oauth/callback, on a
// free port of 127.0.0.1. From here on no answer is lost. peer refuses
// connections to the page that leads to the sign-in; nil lets all in. The
// redirect needs none: who brings the state has been there, and a person may
// have opened the link in a browser of another user.
func Listen(path string, peer func(net.Conn) error) (*Listener, error) {
	d, err := open(peer)
	if err != nil {
		return nil, err
	}
	l := &Listener{
		door: d, path: path, state: creds.Secret(random()), start: once{path: "/start/" + random()},
		answers: make(chan result, 1), patience: MaxWait,
	}
	d.serve(l)
	return l, nil
}

// RedirectURI is where the service must send the browser, port and all.
func (l *Listener) RedirectURI() string { return "http://" + l.host() + l.path }

// State is what the service must hand back with its answer: 256 random bits.
func (l *Listener) State() creds.Secret { return l.state }

// Page returns the address of a page of this listener that leads one browser
// to link, as a Page does. It is what a browser is started with: the link has
// the state in it.
func (l *Listener) Page(link string) string {
	secret := creds.Secret(link)
	l.start.link.Store(&secret)
	return l.start.address(l.door)
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
	l.start.link.Store(nil)
	l.close()
}
