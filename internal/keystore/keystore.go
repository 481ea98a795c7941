// Package keystore keeps small secrets in the keyring of the operating system,
// through github.com/99designs/keyring: long-lived access keys, the TOTP secrets
// of MFA devices, and sessions between runs. One Ring is one opened store; item
// names tell sessions ("session-…") from keys ("key-…", and "nextkey-…" for one
// that is to take a key's place) and secrets ("totp-…"), so that the stores that
// show names without being unlocked (file, pass, keyctl) can be listed and
// cleared while locked.
//
// Every error names the store and what to do. A missing item is ErrNotFound;
// an item that is not what was written is ErrDamaged, which a cache treats as a
// miss and a key store must not.
package keystore

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/99designs/keyring"

	"assume-role/internal/creds"
	// First of all: see the package's comment.
	_ "assume-role/internal/keystore/nodbus"
)

// Options say which store to open and how to unlock it. Only Backend's kind of
// settings is looked at.
type Options struct {
	// Backend is one of Backends, or Auto (also when empty).
	Backend string
	// ServiceName is how the items are grouped inside a store that other
	// programs use, too. Empty means "assume-role".
	ServiceName string
	// FileDir is the folder of the file backend.
	FileDir string
	// PassDir is the password store of pass; empty means PASSWORD_STORE_DIR,
	// then ~/.password-store.
	PassDir string
	// StateDir is where Auto records its choice, at the first write.
	// Empty means that it is never recorded.
	StateDir string

	// Given returns the file backend's passphrase where it is known without
	// asking anyone (a variable), and whether it is. May be nil.
	Given func() (creds.Secret, bool, error)
	// Ask gets the file backend's passphrase from a file, a command or a
	// person. It is called at most once for a Ring, with no time limit and
	// no lock held. Its errors reach the caller as they are. May be nil: then
	// nothing can be asked, and the error is ErrLocked.
	Ask func(Question) (creds.Secret, error)
	// UnlockTTL is for how long the Linux kernel keeps the derived key of the
	// file backend, so that the passphrase is not asked at every command.
	// 0 keeps nothing.
	UnlockTTL time.Duration

	// Env looks an environment variable up. Required.
	Env func(string) string
	// Debug gets one line of diagnosis, never with a secret. May be nil.
	Debug func(string)
}

// Question is what the file backend asks of Options.Ask.
type Question struct {
	// Folder is the store that the passphrase is for.
	Folder string
	// New says that the folder holds nothing yet: the passphrase is being
	// chosen, and a person should be asked for it twice.
	New bool
}

// Ring is one opened store. It may be used from several goroutines, one call
// at a time each.
type Ring struct {
	store   keyring.Keyring
	file    *fileStore // nil for the other backends
	backend string
	why     string
}

// Open opens the store that the options name. It writes nothing. Calls on the
// Ring end when the context does, and after a time limit of their own: 3
// seconds, or 2 minutes where a person may have to answer a dialog.
func Open(ctx context.Context, o Options) (*Ring, error) {
	o = o.withDefaults()
	chosen, err := choose(ctx, o)
	if err != nil {
		return nil, err
	}
	ring := &Ring{backend: chosen.backend.name, why: chosen.why}
	opened, err := openBackend(ctx, chosen, o)
	if err != nil {
		return nil, explain(ring.backend, "open it", err)
	}
	ring.store, ring.file = opened.store, opened.file
	if chosen.claim != nil {
		ring.store = claiming{ring.store, chosen.claim}
	}
	if ring.file != nil {
		ring.store = asking{Keyring: ring.store, file: ring.file, ask: o.Ask}
	}
	return ring, nil
}

// withDefaults fills in what the caller left out.
func (o Options) withDefaults() Options {
	if o.Backend == "" {
		o.Backend = Auto
	}
	if o.ServiceName == "" {
		o.ServiceName = "assume-role"
	}
	if o.Debug == nil {
		o.Debug = func(string) {}
	}
	return o
}

// Backend returns the name of the store in use, one of Backends.
func (r *Ring) Backend() string { return r.backend }

// Why says in a clause why this store is the one in use.
func (r *Ring) Why() string { return r.why }

// Get returns the item of that name, ErrNotFound or ErrDamaged.
func (r *Ring) Get(name string) ([]byte, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	item, err := r.store.Get(name)
	if err != nil {
		return nil, explain(r.backend, "read from it", err)
	}
	return item.Data, nil
}

// Set stores the item, replacing one of the same name.
func (r *Ring) Set(name string, data []byte) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := r.store.Set(keyring.Item{Key: name, Label: name, Data: data})
	return explain(r.backend, "write to it", err)
}

// Remove takes the item away. A missing one is no error.
func (r *Ring) Remove(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := r.store.Remove(name)
	if errors.Is(err, keyring.ErrKeyNotFound) {
		return nil
	}
	return explain(r.backend, "remove from it", err)
}

// Names returns the names of this tool's items that start with the prefix,
// sorted.
func (r *Ring) Names(prefix string) ([]string, error) {
	all, err := r.store.Keys()
	if err != nil {
		return nil, explain(r.backend, "list it", err)
	}
	ours := slices.DeleteFunc(all, func(name string) bool {
		return !strings.HasPrefix(name, prefix) || checkName(name) != nil
	})
	slices.Sort(ours)
	return slices.Compact(ours), nil
}

// Lock forgets the unlocked key that the Linux kernel keeps for the file
// backend. For the other backends it does nothing.
func (r *Ring) Lock() error {
	if r.file == nil {
		return nil
	}
	return r.file.unlocker.lock()
}
