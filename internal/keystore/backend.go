package keystore

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/fault"
)

// The names of the backends, as settings and messages show them.
const (
	// Auto leaves the choice to Open.
	Auto = "auto"

	secretService = "secret-service"
	kwallet       = "kwallet"
	keychain      = "keychain"
	winCred       = "wincred"
	keyctl        = "keyctl"
	pass          = "pass"
	file          = "file"
)

// backend is one kind of store.
type backend struct {
	name string
	// auto says that Auto may choose it. keyctl may not: the kernel forgets
	// everything with the user's last process, and long-lived keys with it.
	auto bool
	// probe returns why the backend cannot be used on this machine, as an
	// unusable error, or nil. It prompts nobody and writes nothing.
	probe func(context.Context, Options) error
	// open opens the backend, or returns an unusable error.
	open func(context.Context, Options) (opened, error)
}

// opened is what opening a backend gives.
type opened struct {
	store keyring.Keyring
	file  *fileStore // of the file backend
}

// backends lists every backend in the order in which Auto tries them: the
// system's own first, the file that always works last.
func backends() []backend {
	return []backend{
		{winCred, true, probeWinCred, openWinCred},
		{keychain, true, probeKeychain, openKeychain},
		{secretService, true, probeSecretService, openSecretService},
		{kwallet, true, probeKWallet, openKWallet},
		{pass, true, probePass, openPass},
		{file, true, probeFile, openFile},
		{keyctl, false, probeKeyctl, openKeyctl},
	}
}

// Backends returns the values that Options.Backend takes, Auto first.
func Backends() []string {
	names := []string{Auto}
	for _, b := range backends() {
		names = append(names, b.name)
	}
	return names
}

// unusable is why a backend cannot be used on this machine, as a clause.
type unusable string

func (u unusable) Error() string { return string(u) }

// problem is why a probe failed, as a clause.
func problem(err error) string {
	var shown *fault.Error
	if errors.As(err, &shown) {
		return shown.Message
	}
	return err.Error()
}

// Candidate is a backend and whether this machine can use it.
type Candidate struct {
	// Name is one of Backends.
	Name string
	// Problem is why it cannot be used, as a clause; empty if it can.
	Problem string
}

// Usable reports whether the backend can be used on this machine.
func (c Candidate) Usable() bool { return c.Problem == "" }

// available probes every backend. It opens, unlocks and writes nothing.
func available(ctx context.Context, o Options) []Candidate {
	o = o.withDefaults()
	var candidates []Candidate
	for _, b := range backends() {
		c := Candidate{Name: b.name}
		if err := b.probe(ctx, o); err != nil {
			c.Problem = problem(err)
		}
		candidates = append(candidates, c)
	}
	return candidates
}

// compiled reports whether this build of the library has the backend.
func compiled(name string) bool {
	return slices.Contains(keyring.AvailableBackends(), keyring.BackendType(name))
}

// openLibrary opens a backend of the library. The library hides why it cannot.
func openLibrary(ctx context.Context, name string, limit time.Duration, c keyring.Config) (keyring.Keyring, error) {
	c.AllowedBackends = []keyring.BackendType{keyring.BackendType(name)}
	store, err := within(ctx, name, limit, func() (keyring.Keyring, error) { return keyring.Open(c) })
	if err == keyring.ErrNoAvailImpl {
		return nil, unusable("it does not open")
	}
	return store, err
}
