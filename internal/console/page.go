package console

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
	"strings"
	"sync/atomic"
	"time"

	"assume-role/internal/creds"
)

const (
	// PageLife is how long a page waits for its browser.
	PageLife = time.Minute
	// lastWords is how long the answer that ends a page may take to be sent.
	lastWords = time.Second
	// requestTime and headerBytes bound what a request may bring.
	requestTime = 10 * time.Second
	headerBytes = 32 << 10
)

// ErrNoBrowser says that no browser asked for a page within PageLife.
var ErrNoBrowser = errors.New("no browser asked for the page")

// Page is a page of this machine that leads one browser to a link, and nobody
// else: other users of the machine see the arguments that a browser is started
// with, and the link would sign them in. Close it when it is not needed any
// more.
type Page struct {
	host     string // 127.0.0.1:PORT
	path     string
	link     atomic.Pointer[creds.Secret]
	peer     func(net.Conn) error
	server   *http.Server
	taken    chan struct{}
	patience time.Duration
}

// Serve opens a page on a free port of 127.0.0.1, under a path of 256 random
// bits. peer refuses connections; nil lets all in.
func Serve(link creds.Secret, peer func(net.Conn) error) (*Page, error) {
	socket, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no port of 127.0.0.1 can be opened: %w", err)
	}
	var name [32]byte
	_, _ = rand.Read(name[:]) // never fails
	p := &Page{
		host: "127.0.0.1:" + strconv.Itoa(socket.Addr().(*net.TCPAddr).Port), path: "/" + base64.RawURLEncoding.EncodeToString(name[:]),
		peer: peer, taken: make(chan struct{}), patience: PageLife,
	}
	p.link.Store(&link)
	p.server = &http.Server{
		Handler: p, ReadTimeout: requestTime, WriteTimeout: requestTime, MaxHeaderBytes: headerBytes,
		ErrorLog: log.New(io.Discard, "", 0), ConnContext: withConnection,
	}
	p.server.SetKeepAlivesEnabled(false)
	go func() { _ = p.server.Serve(socket) }() // it ends when the page is closed
	return p, nil
}

// Address is what a browser is started with.
func (p *Page) Address() string { return "http://" + p.host + p.path }

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
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if p.server.Shutdown(ctx) != nil {
		_ = p.server.Close() // what a browser opened in advance and never used
	}
}

// connection is the key of a request's connection in its context.
type connection struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connection{}, c)
}

// ServeHTTP implements http.Handler. The first browser that a person looks at
// is sent on, and the link is gone. Everything else is not found and changes
// nothing: another name for this address (DNS rebinding), another method,
// another path, another user, and what asks ahead of a person.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.ours(r) {
		answer(w, http.StatusNotFound, "Not found", "There is nothing here.")
		return
	}
	link := p.link.Swap(nil)
	if link == nil {
		answer(w, http.StatusGone, "This address works once", "It has been used. Start again on the terminal.")
		return
	}
	w.Header().Set("Location", link.Reveal())
	answer(w, http.StatusSeeOther, "Sign in", "Your browser goes on to the console.")
	close(p.taken)
}

func (p *Page) ours(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Host == p.host && r.RequestURI == p.path && looked(r.Header) && p.allowed(r)
}

// looked reports whether a person is to see the answer. Browsers say when they
// fetch what they may show later, or not at all
// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose).
func looked(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		for _, value := range h.Values(name) {
			value = strings.ToLower(value)
			if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
				return false
			}
		}
	}
	mode, dest := h.Get("Sec-Fetch-Mode"), h.Get("Sec-Fetch-Dest")
	return (mode == "" || mode == "navigate") && (dest == "" || dest == "document")
}

func (p *Page) allowed(r *http.Request) bool {
	c, ok := r.Context().Value(connection{}).(net.Conn)
	return p.peer == nil || ok && p.peer(c) == nil
}

// answer writes a page that loads nothing, that nobody keeps, and whose address
// nobody is told.
func answer(w http.ResponseWriter, status int, title, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><html lang=en><title>"+title+"</title><h1>"+title+"</h1><p>"+text+"</p></html>\n")
}
