package cmd

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/spf13/cobra"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/securefile"
	"assume-role/internal/server"
)

// serverFlags are what exec --server and serve have in common.
type serverFlags struct {
	metadata         bool
	metadataInsecure bool
	from             string
}

func (f *serverFlags) register(c *cobra.Command) {
	flags := c.Flags()
	flags.BoolVar(&f.metadata, "imds", false, "answer as the instance metadata service, too (IMDSv2), to this user's programs")
	flags.BoolVar(&f.metadataInsecure, "imds-insecure", false, "--imds to every user's programs, where the system does not tell them apart")
	flags.StringVar(&f.from, "from", "", "get the credentials from the server at this `SOCKET`, in a container or behind ssh -R")
}

// check refuses instance metadata, which has no token that is secret, where
// other users' programs cannot be kept away.
func (f *serverFlags) check() error {
	if f.metadataInsecure {
		f.metadata = true
	}
	if f.metadata && !f.metadataInsecure && !server.TellsUsers() {
		return fault.New("", "this system does not tell whose program connects, and --imds would answer every user of this computer").
			Fix("leave --imds out: SDKs use the container variables; or add --imds-insecure where you are alone")
	}
	return nil
}

// listening is a server that runs.
type listening struct {
	server   *server.Server
	listener net.Listener
	profiles []server.Profile
	metadata bool
	socket   string           // the path, where it is a Unix socket
	lock     *securefile.Lock // of the path
	ended    chan error
	end      context.CancelFunc
}

// listen serves the profiles on a TCP port of the loopback address (0: a free
// one) until ctx ends.
func (a *app) listen(ctx context.Context, port int, profiles []server.Profile, f *serverFlags, generation func() (int64, error)) (*listening, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
	if err != nil {
		return nil, fault.New("", "port %d of 127.0.0.1 cannot be had: %s", port, plainError(err)).
			Fix("choose another with --port, or 0 for a free one").Because(err)
	}
	o := a.serverOptions(profiles, generation)
	if o.Metadata = f.metadata; f.metadata && !f.metadataInsecure {
		o.Peer = server.SameUser
	}
	return start(ctx, l, o), nil
}

// serverOptions are those of every server.
func (a *app) serverOptions(profiles []server.Profile, generation func() (int64, error)) server.Options {
	return server.Options{
		Profiles: profiles, Now: a.host.Now, Generation: generation,
		Passing: func(err error) bool { return errors.Is(err, cache.ErrUnreachable) },
		Note:    a.note, Debug: a.debug,
	}
}

// ownGeneration is that of this user's index.
func (a *app) ownGeneration() (int64, error) { return a.generation(), nil }

func start(ctx context.Context, l net.Listener, o server.Options) *listening {
	ctx, end := context.WithCancel(ctx)
	s := &listening{server: server.New(o), listener: l, profiles: o.Profiles, metadata: o.Metadata, ended: make(chan error, 1), end: end}
	go func() { s.ended <- s.server.Serve(ctx, l) }()
	return s
}

// close ends the server and waits until its listener is gone.
func (s *listening) close() {
	s.end()
	<-s.ended
	s.lock.Release()
}

// endpoint is what a client of a profile is told.
func (s *listening) endpoint(p server.Profile) *exec.Endpoint {
	base := "http://" + s.listener.Addr().String()
	at := &exec.Endpoint{URL: base + p.Path, Token: p.Token}
	if s.metadata {
		at.Metadata = base
	}
	return at
}

// childLife ends with ctx until a child has the terminal, and with end then:
// from there on Ctrl-C is the child's.
func childLife(ctx context.Context) (life context.Context, handOver func() error, end context.CancelFunc) {
	life, end = context.WithCancel(context.Background())
	stop := context.AfterFunc(ctx, end)
	return life, func() error {
		if !stop() {
			return fault.ErrInterrupted
		}
		return nil
	}, end
}

// fetchFirst asks a profile of another server for its credentials, before
// anything relies on them.
func fetchFirst(ctx context.Context, p server.Profile) (creds.Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return p.Credentials(ctx, ttlForSDKs)
}
