package loopback

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	// lastWords is how long the answer that ends all may take to be sent.
	lastWords = time.Second
	// requestTime and headerBytes bound what a request may bring.
	requestTime = 10 * time.Second
	headerBytes = 32 << 10
)

// door is a free port of 127.0.0.1, and the rules of whom it answers.
type door struct {
	socket net.Listener
	port   string
	peer   func(net.Conn) error
	server *http.Server
}

// open opens a port, which is answered once serve is called.
func open(peer func(net.Conn) error) (*door, error) {
	socket, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("no port of 127.0.0.1 can be opened: %w", err)
	}
	return &door{socket: socket, port: strconv.Itoa(socket.Addr().(*net.TCPAddr).Port), peer: peer}, nil
}

// serve answers with the handler until the door is closed.
func (d *door) serve(handler http.Handler) {
	d.server = &http.Server{
		Handler: handler, ReadTimeout: requestTime, WriteTimeout: requestTime, MaxHeaderBytes: headerBytes,
		ErrorLog: log.New(io.Discard, "", 0), ConnContext: withConnection,
	}
	d.server.SetKeepAlivesEnabled(false)
	go func() { _ = d.server.Serve(d.socket) }() // it ends when the door is closed
}

// close frees the port. An answer that is on its way is sent first.
func (d *door) close() {
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if d.server.Shutdown(ctx) != nil {
		_ = d.server.Close() // what a browser opened in advance and never used
	}
}

// host is the name and port that addresses of the door have.
func (d *door) host() string { return "127.0.0.1:" + d.port }

// connection is the key of a request's connection in its context.
type connection struct{}

func withConnection(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connection{}, c)
}

// allowed reports whether the peer function lets a request's connection in.
func (d *door) allowed(r *http.Request) bool {
	c, ok := r.Context().Value(connection{}).(net.Conn)
	return d.peer == nil || ok && d.peer(c) == nil
}

// looked reports whether a person is to see the answer. Browsers say when they
// fetch what they may show later, or not at all
// (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Purpose),
// and when another page's script or frame asks
// (https://www.w3.org/TR/fetch-metadata/). Older ones, and what else a person
// may use, leave these headers out; no page can set them.
func looked(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		for _, value := range r.Header.Values(name) {
			value = strings.ToLower(value)
			if strings.Contains(value, "prefetch") || strings.Contains(value, "prerender") || strings.Contains(value, "preview") {
				return false
			}
		}
	}
	return r.Method == http.MethodGet && is(r, "Sec-Fetch-Mode", "navigate") && is(r, "Sec-Fetch-Dest", "document")
}

func is(r *http.Request, header, want string) bool {
	value := r.Header.Get(header)
	return value == "" || value == want
}

// notFound is the answer to what is none of the door's business, or nobody's
// whom it answers. It changes nothing.
func notFound(w http.ResponseWriter) {
	answer(w, http.StatusNotFound, "Not found", "There is nothing here.")
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
