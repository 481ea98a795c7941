package keystore

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/securefile"
)

// choice is the backend to open and why it is that one.
type choice struct {
	backend backend
	why     string
	// earlier says that the choice was made by an earlier run.
	earlier bool
	// claim holds writers to Auto's choice; nil where there is none to record.
	claim *claim
}

// choose finds the backend that the options ask for. Auto stays with the
// choice that was recorded with the first write: never another store in
// silence, in which the user's keys would seem lost.
func choose(ctx context.Context, o Options) (choice, error) {
	if o.Backend != Auto {
		b, ok := named(o.Backend)
		if !ok {
			return choice{}, fault.New(fault.InvalidValue, "there is no keyring backend %q; %s", o.Backend, inventory(ctx, o)).
				Fix("%s", nearest.Hint(Backends(), o.Backend, "choose one of these with --keyring-backend or ASSUME_ROLE_KEYRING_BACKEND"))
		}
		return choice{backend: b, why: "it was asked for"}, nil
	}
	name, err := recorded(o.StateDir)
	if err != nil {
		return choice{}, err
	}
	if name == "" {
		return firstUsable(ctx, o)
	}
	b, ok := named(name)
	if !ok {
		return choice{}, fault.New("", "%s names no keyring backend that this release has", recordPath(o.StateDir)).
			Fix("remove that file, " + chooseAnother)
	}
	why := "it was chosen earlier, as " + recordPath(o.StateDir) + " says"
	return choice{backend: b, why: why, earlier: true, claim: newClaim(ctx, o, b, true)}, nil
}

// firstUsable tries the backends in their order.
func firstUsable(ctx context.Context, o Options) (choice, error) {
	var passed []string
	for _, b := range backends() {
		if !b.auto {
			continue
		}
		err := b.probe(ctx, o)
		if err == nil {
			c := choice{backend: b, why: "it is the first that works here"}
			if len(passed) > 0 {
				c.why += ": " + strings.Join(passed, ", ")
			}
			if o.StateDir != "" {
				c.claim = newClaim(ctx, o, b, false)
			}
			return c, nil
		}
		passed = append(passed, "not "+b.name+" ("+problem(err)+")")
	}
	return choice{}, fault.New("", "no keyring backend works here: %s", strings.Join(passed, ", ")).
		Fix("set up one of them, " + chooseAnother)
}

func newClaim(ctx context.Context, o Options, b backend, earlier bool) *claim {
	return &claim{ctx: ctx, dir: o.StateDir, backend: b.name, earlier: earlier, debug: o.Debug}
}

// openBackend opens it, or says what this machine has instead.
func openBackend(ctx context.Context, c choice, o Options) (opened, error) {
	store, err := c.backend.open(ctx, o)
	var cannot unusable
	if !errors.As(err, &cannot) {
		return store, err
	}
	name := c.backend.name
	if c.earlier {
		name += " (" + c.why + ")"
	}
	return opened{}, fault.New("", "the keyring backend %s cannot be used: %s; %s", name, cannot, inventory(ctx, o)).
		Fix("set it up, " + chooseAnother).Because(err)
}

// named returns the backend of that name.
func named(name string) (backend, bool) {
	all := backends()
	i := slices.IndexFunc(all, func(b backend) bool { return b.name == name })
	if i < 0 {
		return backend{}, false
	}
	return all[i], true
}

// inventory lists what this machine has.
func inventory(ctx context.Context, o Options) string {
	var has, lacks []string
	for _, c := range available(ctx, o) {
		if c.Usable() {
			has = append(has, c.Name)
		} else {
			lacks = append(lacks, c.Name+" ("+c.Problem+")")
		}
	}
	return "this machine has " + strings.Join(has, ", ") + " and not " + strings.Join(lacks, ", ")
}

// recordPath is where Auto's choice is kept.
func recordPath(stateDir string) string { return filepath.Join(stateDir, "backend") }

// record makes a backend Auto's choice.
func record(stateDir, backend string) error {
	return securefile.Write(recordPath(stateDir), []byte(backend+"\n"))
}

// recordLimit is far above the length of a backend's name.
const recordLimit = 1 << 10

// recorded returns Auto's earlier choice, or "".
func recorded(stateDir string) (string, error) {
	if stateDir == "" {
		return "", nil
	}
	data, err := securefile.Read(recordPath(stateDir), recordLimit)
	if err == nil || securefile.Missing(err) {
		return strings.TrimSpace(string(data)), nil
	}
	return "", fault.New(fault.FileUnreadable, "cannot tell which keyring backend is in use%s", reason(err)).
		Fix("make that file readable, " + chooseAnother).Because(err)
}
