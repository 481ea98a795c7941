package cmd

import (
	"context"
	"slices"
	"strings"

	"assume-role/internal/keystore"
)

// keyStore: which store is in use, whether it can be written, and whether the
// keys are on their way to another.
func (x *examination) keyStore(ctx context.Context) []finding {
	if _, err := x.app.settings(); err != nil {
		return unread()
	}
	found := append([]finding{storeFinding(x.survey())}, x.unwritable(ctx)...)
	return append(found, x.unfinishedMove()...)
}

// unwritable: a store of keys or of sessions that can be read only. Why one
// cannot be opened is another finding.
func (x *examination) unwritable(ctx context.Context) []finding {
	var found []finding
	for _, ring := range x.quietRings(ctx) {
		if err := ring.Writable(); err != nil {
			f := failing(err)
			f.Level = levelWarning // what is stored can be used
			found = append(found, f)
		}
	}
	return found
}

// quietRings are the stores of keys and of sessions, as far as they open and
// ask nobody: one where they are the same.
func (x *examination) quietRings(ctx context.Context) []*keystore.Ring {
	settings, err := x.app.settings()
	if err != nil {
		return nil
	}
	var rings []*keystore.Ring
	for _, named := range []string{settings.Keyring.Backend, firstOf(settings.SessionBackend, settings.Keyring.Backend)} {
		ring, err := x.quietRing(ctx, named)
		if err != nil || slices.ContainsFunc(rings, func(r *keystore.Ring) bool { return r.Backend() == ring.Backend() }) {
			continue
		}
		rings = append(rings, ring)
	}
	return rings
}

// storeFinding says why it is this store, and what else this machine has.
func storeFinding(survey keystore.Survey) finding {
	if survey.Err != nil {
		return failing(survey.Err)
	}
	found := fine("%s: %s%s", survey.Backend, survey.Why, others(survey))
	if survey.Problem != "" {
		found = finding{
			Level: levelError, Message: survey.Backend + " cannot be used: " + survey.Problem + others(survey),
			Fix: "set it up, or choose another with --keyring-backend or ASSUME_ROLE_KEYRING_BACKEND",
		}
	}
	return found
}

// unfinishedMove: a move of the keys to another store that did not end. Nothing
// is lost by it, but keys may be in both stores.
func (x *examination) unfinishedMove() []finding {
	dirs, err := x.app.places()
	if err != nil {
		return []finding{failing(err)}
	}
	begun, err := keystore.Unfinished(dirs.state)
	switch {
	case err != nil:
		return []finding{failing(err)}
	case begun.From == "":
		return nil
	}
	return []finding{warning("assume-role keyring migrate --to "+begun.To,
		"the move of the keys from %s to %s is unfinished", begun.From, begun.To)}
}

// lookAtStores probes the stores for keys.
func (x *examination) lookAtStores(ctx context.Context) keystore.Survey {
	settings, err := x.app.settings()
	if err != nil {
		return keystore.Survey{Err: err}
	}
	options, err := x.app.ringOptions(ctx, settings.Keyring.Backend, settings.Keyring)
	if err != nil {
		return keystore.Survey{Err: err}
	}
	return keystore.Look(ctx, options)
}

// others says which stores this machine has besides, and why not the rest,
// unless the choice's own reason says it.
func others(survey keystore.Survey) string {
	var here, missing []string
	for _, c := range survey.Others {
		text := c.Name + " (" + c.Problem + ")"
		switch {
		case c.Usable():
			here = append(here, c.Name)
		case !strings.Contains(survey.Why, text):
			missing = append(missing, text)
		}
	}
	text := ""
	if here != nil {
		text += "; also here: " + strings.Join(here, ", ")
	}
	if missing != nil {
		text += "; not here: " + strings.Join(missing, ", ")
	}
	return text
}
