// Package assume walks a chain: it turns a source's credentials, call by call,
// into those of the profile asked for, and takes from the session cache what
// is there already. It is the only package that talks to STS, and the place
// where STS's errors become sentences.
package assume

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"assume-role/internal/cache"
	"assume-role/internal/creds"
	"assume-role/internal/profile"
	"assume-role/internal/program"
)

// Codes gets the codes of MFA devices. It hands a code to try, which sends it
// to STS, and asks for another one when try says that the code is spent and
// did no good.
type Codes interface {
	WithCode(ctx context.Context, sts profile.Endpoint, device profile.Device, try func(creds.Secret) (spent bool, err error)) error
}

// Options are what an Assumer needs from its caller. Only Cache, Proxy,
// UserAgent and Dial may be left out. Keys needs no more than what tells
// sessions apart (SessionName, NameShapes, Program, Getenv, SSOCache,
// LoginCache, Machine), and Ping no more than Now.
type Options struct {
	// Cache keeps sessions, those of one run or between runs; nil keeps none.
	Cache *cache.Cache
	// Policy says which cached sessions are good enough for the last step.
	Policy cache.Policy
	// MFA gets codes.
	MFA Codes
	// LoadKey reads the long-lived key stored under a profile's name.
	LoadKey func(profile string) (creds.Credentials, error)
	// SessionName makes the name of a role's session where none is set. It
	// is called when one is needed.
	SessionName func() string
	// NameShapes says that SessionName follows a rule of the user's. Sessions
	// then differ by it; the built-in name is no reason to make another one.
	NameShapes bool
	// Program runs the programs that print credentials, assertions and tokens.
	Program program.Runner
	// Getenv reads a variable of the caller, for the sources that the
	// environment describes.
	Getenv func(string) string
	// SSOCache and LoginCache are the folders where the AWS CLI keeps its
	// tokens of Identity Center and its sessions of `aws login`.
	SSOCache, LoginCache string
	// Locks is the folder of locks between processes.
	Locks string
	// Trusted are the hosts that may get a bearer secret over plain http.
	Trusted []string
	// Dial connects to the endpoints of containers and instances; nil dials
	// them directly.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Machine tells this machine from others that share a home folder; called
	// when it is needed.
	Machine func() string
	// Choose asks a person for one of several choices and returns its place.
	Choose func(ctx context.Context, question string, choices []string) (int, error)
	// SignIn signs a person in for a source whose token is missing, has ended
	// or was refused: one of Identity Center, or of `aws login`. It returns
	// ErrNobody where nobody is there to do so; nil where nobody may be asked.
	SignIn func(ctx context.Context, source *profile.Source) error
	// Now is the local clock.
	Now func() time.Time
	// Note shows one line to the user.
	Note func(string)
	// Debug takes one line of detail, never a secret.
	Debug func(format string, args ...any)
	// Proxy chooses the proxy of a request, as http.ProxyFromEnvironment
	// does; nil means none.
	Proxy func(*http.Request) (*url.URL, error)
	// UserAgent is this program's name and version in User-Agent headers.
	UserAgent string
}

// Assumer turns chains into credentials. Its methods may be called at the
// same time; all chains with the same CA bundle share their connections.
type Assumer struct {
	Options
	mu    sync.Mutex
	wires map[reach]wired
	// connected are the connections by CA bundle; connecting guards the map.
	connecting sync.Mutex
	connected  map[string]*connections
}

// New returns an Assumer. It does nothing yet.
func New(o Options) *Assumer {
	return &Assumer{Options: o, wires: map[reach]wired{}, connected: map[string]*connections{}}
}

// Credentials returns the credentials at the end of the chain. It makes the
// calls whose sessions are not in the cache, and reads the source's secret
// only if it must sign one. Errors are *fault.Error, fault.ErrInterrupted, or
// the key store's and the cache's own.
//
// Where only a sign-in helps, and a person makes it, the chain is walked once
// more from its beginning: the new sign-in has other sessions.
func (a *Assumer) Credentials(ctx context.Context, chain *profile.Chain) (creds.Credentials, error) {
	return a.CredentialsFor(ctx, chain, a.Policy)
}

// CredentialsFor is Credentials with another policy than the Assumer's own, for
// whoever renews sessions.
func (a *Assumer) CredentialsFor(ctx context.Context, chain *profile.Chain, policy cache.Policy) (creds.Credentials, error) {
	c, err := a.walked(ctx, chain, policy)
	again, failed := a.signedIn(ctx, chain, err)
	if !again {
		return c, failed
	}
	return a.walked(ctx, chain, policy)
}

func (a *Assumer) walked(ctx context.Context, chain *profile.Chain, policy cache.Policy) (creds.Credentials, error) {
	w, err := a.start(chain)
	if err != nil {
		return creds.Credentials{}, err
	}
	w.Policy = policy
	last, _, err := w.after(ctx, len(chain.Calls), "")
	return last.Credentials, err
}
