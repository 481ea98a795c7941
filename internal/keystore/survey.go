package keystore

import (
	"context"
	"slices"
)

// Survey is what can be told of this machine's stores without opening,
// unlocking or writing one.
type Survey struct {
	// Backend is the one that Open would take, and Why a clause that says why
	// it is that one. Empty where Err is set.
	Backend, Why string
	// Problem is why that one cannot be used here, as a clause; empty if it
	// can.
	Problem string
	// Others are the other backends.
	Others []Candidate
	// Err is why Open would take none.
	Err error
}

// Look surveys the stores for the options. Each is given 3 seconds to answer.
func Look(ctx context.Context, o Options) Survey {
	o = o.withDefaults()
	s := Survey{Others: available(ctx, o)}
	chosen, err := choose(ctx, o)
	if err != nil {
		s.Err = err
		return s
	}
	s.Backend, s.Why = chosen.backend.name, chosen.why
	i := slices.IndexFunc(s.Others, func(c Candidate) bool { return c.Name == s.Backend })
	s.Problem = s.Others[i].Problem
	s.Others = slices.Delete(s.Others, i, i+1)
	return s
}

// Quiet returns the options changed so that opening and reading asks nobody:
// where a store would show a dialog or ask for a passphrase, the error is
// ErrLocked. It returns false for the stores that cannot be kept from it.
func (o Options) Quiet(backend string) (Options, bool) {
	o.Ask = nil
	env := o.Env
	o.Env = func(name string) string {
		if name == "DISPLAY" || name == "WAYLAND_DISPLAY" {
			return "" // without a screen the Secret Service is not asked to unlock
		}
		return env(name)
	}
	return o, slices.Contains([]string{file, keyctl, winCred, secretService}, backend)
}
