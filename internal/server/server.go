// Package server is the local credential endpoint: it answers the requests with
// which AWS SDKs refresh container credentials and, where asked for, instance
// metadata, with sessions that it renews before they end
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
//
// What reaches the port need not be a friend: other users of the machine,
// pages in a browser, broken clients. A request counts when it comes for one of
// our own names, from no page and through no proxy, with the token of the path
// that it asks for. A connection that has shown a token is never given up for
// one that has not.
package server

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"assume-role/internal/creds"
)

// Profile is one set of credentials that the server hands out.
type Profile struct {
	// Name is what messages call it.
	Name string
	// Token is what a client must send as Authorization, exactly. An empty one
	// opens nothing.
	Token creds.Secret
	// Path is where the credentials are, such as /role/dev: a client's
	// AWS_CONTAINER_CREDENTIALS_FULL_URI ends in it.
	Path string
	// RoleARN is the role of the sessions, or empty.
	RoleARN string
	// Region is what instance metadata says of the place, or empty.
	Region string
	// Lifetime is how long a new session lasts, or 0: then a session counts as
	// new when it is first seen, although it may come from a cache.
	Lifetime time.Duration
	// MinTTL is what a session must have left at least, where somebody asked for
	// more than SDKs do; 0 is no more.
	MinTTL time.Duration
	// Credentials makes or finds a session with at least ttl left, less where a
	// quarter of the session's lifetime is less. The server calls it once at a
	// time for each profile, and for several profiles at once. Clients are shown
	// its error where that is a *fault.Error: one line without a secret.
	Credentials func(ctx context.Context, ttl time.Duration) (creds.Credentials, error)
}

// Options are what a server is made of. Profiles and Now are needed.
type Options struct {
	// Profiles are what it hands out; their paths and tokens all differ.
	Profiles []Profile
	// Metadata answers as the instance metadata service too (IMDSv2), for the
	// first profile.
	Metadata bool
	// Peer refuses a connection by an error, before its first byte is read; nil
	// refuses none. It is called from several goroutines.
	Peer func(net.Conn) error
	// Now is the clock.
	Now func() time.Time
	// Generation is another number as soon as sessions were ended from outside.
	// Before each answer it is looked at, so it must be cheap; a look serves the
	// answers of the next millisecond, too. Where it fails, what is in memory
	// stays. Nil: sessions never are ended. It is called once at a time.
	Generation func() (int64, error)
	// Passing says of an error of Credentials that it may be another one soon, so
	// that clients should try again. Time-outs and errors of the network pass
	// without it.
	Passing func(error) bool
	// Note tells a person something, a line at a time; nil tells nobody.
	Note func(string)
	// Debug tells what happens, never a secret; nil tells nobody.
	Debug func(string, ...any)
	// Unix says that the listener is a Unix socket: no name leads a browser to
	// one, and Host means nothing. Who may open it may have all profiles: GET /
	// lists them with their tokens, for a Remote.
	Unix bool
}

// The limits on what a client may do.
const (
	// headerBytes bounds the request line and the headers.
	headerBytes = 8 << 10
	// slop is what net/http adds to Server.MaxHeaderBytes.
	slop = 4 << 10
	// headerTime bounds how long they may take, and idleTime how long a
	// connection may wait for its next request.
	headerTime, idleTime = 5 * time.Second, 5 * time.Minute
	// answerTime is beyond the longest wait for credentials.
	answerTime = patience + 10*time.Second
	// lastWords is how long answers that are on their way have at the end.
	lastWords = 500 * time.Millisecond
)

// Server hands out credentials to local programs.
type Server struct {
	options Options
	doors   *doors
	tokens  metadataTokens
}

// New makes a server. It calls nothing until the first request.
func New(o Options) *Server {
	if o.Note == nil {
		o.Note = func(string) {}
	}
	if o.Debug == nil {
		o.Debug = func(string, ...any) {}
	}
	if o.Generation == nil {
		o.Generation = func() (int64, error) { return 0, nil }
	}
	if o.Passing == nil {
		o.Passing = func(error) bool { return false }
	}
	return &Server{options: o, doors: newDoors(o), tokens: newMetadataTokens(o.Now)}
}

// Serve answers on l until ctx ends, and closes l then: within a second, and
// with answers that are on their way sent if that is enough for them. The error
// is why it ended before.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	table := newConnections(mostConnections)
	web := s.web(ctx, l, table)
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(&listener{Listener: l, table: table, peer: s.options.Peer, debug: s.options.Debug})
	}()
	go s.tend(ctx)
	select {
	case err := <-ended:
		table.close()
		_ = web.Close()
		return err
	case <-ctx.Done():
		table.close()
		s.stop(web)
		return nil
	}
}

// stop ends in good order what can be, and then the rest.
func (s *Server) stop(web *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), lastWords)
	defer cancel()
	if web.Shutdown(ctx) != nil {
		_ = web.Close()
	}
}

// web is the HTTP server. Without TLS net/http speaks HTTP/1 only.
func (s *Server) web(ctx context.Context, l net.Listener, table *connections) *http.Server {
	return &http.Server{
		Handler:     &handler{Server: s, life: ctx, hosts: hostsOf(l.Addr())},
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ConnState:   table.turned, ReadHeaderTimeout: headerTime, ReadTimeout: headerTime,
		WriteTimeout: answerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes - slop,
		ErrorLog: log.New(io.Discard, "", 0), DisableGeneralOptionsHandler: true,
	}
}
