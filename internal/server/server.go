// Package server is the local credential endpoint: it answers the requests with
// which AWS SDKs refresh container credentials and, where asked for, instance
// metadata, with sessions that it renews before they end
// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
package server

import (
	"context"
	"net"
	"time"

	"assume-role/internal/creds"
)

// Profile is one set of credentials that the server hands out.
type Profile struct {
	// Name is what messages call it.
	Name string
	// Token is what a client must send as Authorization, exactly. It is never
	// empty.
	Token creds.Secret
	// Path is where the credentials are, such as /role/dev: a client's
	// AWS_CONTAINER_CREDENTIALS_FULL_URI ends in it.
	Path string
	// RoleARN is the role of the sessions, or empty.
	RoleARN string
	// Region is what instance metadata says of the place, or empty.
	Region string
	// Credentials makes or finds a session with at least ttl left, or the longest
	// that can be had. It must be safe to call from several goroutines; the server
	// calls it once at a time for each profile. Its error is shown to clients: one
	// line without a secret, as every fault.Error is.
	Credentials func(ctx context.Context, ttl time.Duration) (creds.Credentials, error)
}

// Options are what a server is made of.
type Options struct {
	// Profiles are what it hands out; paths and tokens all differ.
	Profiles []Profile
	// Metadata answers as the instance metadata service too (IMDSv2), for the
	// first profile.
	Metadata bool
	// Peer refuses a connection by an error; nil refuses none.
	Peer func(net.Conn) error
	// Now is the clock.
	Now func() time.Time
	// Generation changes when sessions were ended from outside; it is read before
	// each answer, so it must be cheap. Nil: they never are.
	Generation func() (int64, error)
	// Note tells a person something, a line at a time; nil tells nobody.
	Note func(string)
	// Debug tells what happens, never a secret; nil tells nobody.
	Debug func(string, ...any)
	// Unix says that the listener is a Unix socket, where no name leads to and
	// Host means nothing.
	Unix bool
}

// Server hands out credentials to local programs.
type Server struct{ options Options }

// New makes a server. It calls nothing until the first request.
func New(o Options) *Server { return &Server{options: o} }

// Serve answers on l until ctx ends, and closes l. Answers that are on their
// way get part of a second.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	<-ctx.Done()
	return l.Close()
}
