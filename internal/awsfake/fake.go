// Package awsfake is a strict AWS on loopback, for tests and the demo.
//
// It answers as STS, IAM, IAM Identity Center's portal and its OpenID Connect
// service, AWS Sign-In, the console's federation endpoint, the metadata service
// of an EC2 instance, the credentials endpoint of containers and GitHub's token
// service do. It
// recomputes every SigV4 signature and DPoP proof, takes each MFA code and each
// refresh token once, ends sessions and tokens when they expire, holds role
// chaining to one hour, and refuses with the services' own codes, statuses and
// texts. On top it counts calls, moves its clock and fails on request, so that
// a test can show what a program does then.
//
// A service is a file and a line in [Fake]'s list; an STS action is a file and
// a line in stsActions, one of IAM a line in iamActions.
package awsfake

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// Options change the world that Start makes. The zero value is a good one.
type Options struct {
	// Account is the twelve digits of the account of users and, where they name
	// none, of roles. Default 123456789012.
	Account string
	// Partition is the first part of every ARN made here. Default aws.
	Partition string
	// Clock is the time that Advance moves from. Default time.Now.
	Clock func() time.Time
	// TokenLength is the length of session tokens in bytes. AWS promises none
	// and mostly stays below 4096. Default 460.
	TokenLength int
}

func (o Options) withDefaults() Options {
	if o.Account == "" {
		o.Account = "123456789012"
	}
	if o.Partition == "" {
		o.Partition = "aws"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.TokenLength == 0 {
		o.TokenLength = 460
	}
	return o
}

// Fake is one AWS: a world of users and roles behind an HTTP server. Its
// methods may be called at any time from any goroutine, in the middle of calls
// too.
type Fake struct {
	url      string
	clock    *clock
	world    *world
	journal  *journal
	faults   *faults
	latency  *latency
	services []service
	server   *http.Server
	// done ends when Close begins, so that hanging calls let go.
	done context.Context
	stop context.CancelFunc
}

// Start serves a new AWS on a free port of 127.0.0.1 until Close.
func Start(o Options) (*Fake, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("awsfake: no loopback port: %w", err)
	}
	o = o.withDefaults()
	clock := &clock{base: o.Clock}
	world := newWorld(o, clock)
	f := &Fake{
		url:     "http://" + listener.Addr().String(),
		clock:   clock,
		world:   world,
		journal: &journal{},
		faults:  &faults{},
		latency: newLatency(),
		services: []service{
			newSTS(world), newIAM(world), newSso(world), newOidc(world), newSignin(world), newFederation(world), newImds(world), newContainer(world), newGithub(world), newEcho(world),
		},
	}
	f.done, f.stop = context.WithCancel(context.Background())
	f.server = &http.Server{Handler: http.HandlerFunc(f.serve), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

// URL is the endpoint of every service here: http://127.0.0.1:PORT.
func (f *Fake) URL() string { return f.url }

// Close stops the server at once: calls that hang or wait are cut off.
func (f *Fake) Close() {
	f.stop()
	_ = f.server.Close()
}
