package cmd

import (
	"context"
	"reflect"
	"sync"
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/server"
)

// offerFrom has a command served by the server behind a socket. It needs no
// file and no keyring of this side.
func (a *app) offerFrom(ctx context.Context, opts *execOptions) (offer, error) {
	if err := opts.credentials.refuseWithFrom(); err != nil {
		return offer{}, err
	}
	remote := server.NewRemote(opts.server.from)
	profiles, err := remote.Profiles(ctx)
	if err != nil {
		return offer{}, interruptedOr(ctx, err)
	}
	p, err := namedProfile(profiles, opts.profile)
	if err != nil {
		return offer{}, err
	}
	o, err := a.offerOf(ctx, p, &opts.credentials)
	o.generation = a.remoteGeneration(ctx, remote)
	return o, err
}

// refuseWithFrom: the sessions are the other side's, so no flag shapes them.
func (f *credentialFlags) refuseWithFrom() error {
	shaping := *f
	shaping.region, shaping.asks = "", false
	if !reflect.DeepEqual(shaping, credentialFlags{}) {
		return usage("of the flags that shape a session only --region goes with --from: give the others to the server")
	}
	return nil
}

func interruptedOr(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fault.ErrInterrupted
	}
	return err
}

// namedProfile is the profile that was named, or the only one.
func namedProfile(profiles []server.Profile, name string) (server.Profile, error) {
	var names []string
	for _, p := range profiles {
		if p.Name == name || name == "" && len(profiles) == 1 {
			return p, nil
		}
		names = append(names, p.Name)
	}
	if len(profiles) == 0 {
		return server.Profile{}, fault.New(fault.ProfileNotFound, "the server at the socket serves no profile")
	}
	if name == "" {
		return server.Profile{}, fault.New(fault.ProfileNotFound, "the server at the socket has several profiles").Fix("name one of %s", joinNames(names))
	}
	return server.Profile{}, fault.New(fault.ProfileNotFound, "the server at the socket does not serve it").In(name).Fix("%s", nearest.Hint(names, name, "it serves: "+joinNames(names)))
}

// remoteGeneration asks the other side once a second at most: a session that
// was ended there is gone here a second later.
func (a *app) remoteGeneration(ctx context.Context, remote *server.Remote) func() (int64, error) {
	var mu sync.Mutex
	var last int64
	var failed error
	var asked time.Time
	return func() (int64, error) {
		mu.Lock()
		defer mu.Unlock()
		if now := a.host.Now(); asked.IsZero() || now.Before(asked) || now.Sub(asked) >= time.Second {
			asked = now
			limited, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			if last, failed = remote.Generation(limited); failed != nil {
				a.debug("%s", failed)
			}
		}
		return last, failed
	}
}
