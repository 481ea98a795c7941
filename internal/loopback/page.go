package loopback

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"assume-role/internal/creds"
)

// PageLife is how long a Page waits for its browser.
const PageLife = time.Minute

// ErrNoBrowser says that no browser asked for a page within PageLife.
var ErrNoBrowser = errors.New("no browser asked for the page")

// Page is a page of this machine that leads one browser to a link, and nobody
// else: other users of the machine see the arguments that a browser is started
// with, and the link is a secret. Close it when it is not needed any more.
type Page struct {
	*door
	once
	taken    chan struct{}
	patience time.Duration
}

// Serve opens a page on a free port of 127.0.0.1, under a path of 256 random
// bits. peer refuses connections; nil lets all in.
func Serve(link creds.Secret, peer func(net.Conn) error) (*Page, error) {
	d, err := open(peer)
	if err != nil {
		return nil, err
	}
	p := &Page{door: d, once: once{path: "/" + random()}, taken: make(chan struct{}), patience: PageLife}
	p.link.Store(&link)
	d.serve(p)
	return p, nil
}

// Address is what a browser is started with.
func (p *Page) Address() string { return p.address(p.door) }

// Wait returns nil once a browser was sent on, ErrNoBrowser when none came
// within PageLife, or ctx's own error.
func (p *Page) Wait(ctx context.Context) error {
	timer := time.NewTimer(p.patience)
	defer timer.Stop()
	select {
	case <-p.taken:
		return nil
	case <-timer.C:
		return ErrNoBrowser
	case <-ctx.Done():
	}
	select {
	case <-p.taken: // at the same time
		return nil
	default:
		return ctx.Err()
	}
}

// Close frees the port. An answer that is on its way is sent first.
func (p *Page) Close() {
	p.link.Store(nil)
	p.close()
}

// ServeHTTP implements http.Handler. The first browser that a person looks at
// is sent on, and the link is gone. Everything else is not found and changes
// nothing.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case !p.meant(p.door, r):
		notFound(w)
	case p.sendOn(w):
		close(p.taken)
	}
}

// once is a link and the path that leads to it, for the first who asks.
type once struct {
	path string
	link atomic.Pointer[creds.Secret]
}

func (o *once) address(d *door) string { return "http://" + d.host() + o.path }

// meant tells the browser that the address was given to from everything else:
// another name for this machine (DNS rebinding), another method, another path,
// another user, and what asks ahead of a person.
func (o *once) meant(d *door, r *http.Request) bool {
	return r.Host == d.host() && r.RequestURI == o.path && looked(r) && d.allowed(r)
}

// sendOn answers, and reports whether the link was there to be given.
func (o *once) sendOn(w http.ResponseWriter) bool {
	link := o.link.Swap(nil)
	if link == nil {
		answer(w, http.StatusGone, "This address works once", "It has been used. Go back to the terminal, and start again.")
		return false
	}
	w.Header().Set("Location", link.Reveal())
	answer(w, http.StatusSeeOther, "Sign in", "Your browser goes on to the sign-in.")
	return true
}

// random is 256 bits as text.
func random() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}
