package cmd

import (
	"slices"
	"time"

	"assume-role/internal/assume"
	"assume-role/internal/cache"
	"assume-role/internal/profile"
)

// keptSession is what the index says about one step's session.
type keptSession struct {
	// kept says that the step's session is one that the cache keeps.
	kept bool
	// Session has no Key where it is not there.
	cache.Session
}

// keptSessions looks the chain's sessions up in the index, by the keys that
// they have now: one of a profile as it was before an edit is not found.
func (a *app) keptSessions(chain *profile.Chain, settings Settings) []keptSession {
	found := make([]keptSession, len(chain.Calls)+1)
	keys, err := a.chainKeys(chain, settings)
	if err != nil {
		a.debug("what is cached is not known: %s", err)
		return found
	}
	first := len(found) - len(keys) // 1 where the source keeps no session
	for i := range keys {
		found[first+i].kept = true
	}
	for _, s := range a.known().Sessions {
		if i := slices.Index(keys, s.Key); i >= 0 {
			found[first+i].Session = s
		}
	}
	return found
}

// shownSession says whether a step's session is in the cache.
type shownSession struct {
	until time.Time
	// left is 0 where there is none.
	left time.Duration
	// short says that what is left is too little, and it will be made anew.
	short bool
}

// session is what there is of step n, 0 for the source; nil where the cache
// keeps none of it.
func (e *explainer) session(n int) *shownSession {
	s := e.sessions[n]
	if !s.kept {
		return nil
	}
	if s.Key == "" || s.Left(e.now) == 0 {
		return &shownSession{}
	}
	return &shownSession{until: s.Expires, left: s.Left(e.now), short: !e.usable(n)}
}

// usable reports whether the next run would take a step's session from the
// cache: as much must be left as exec asks for, though never more than a
// quarter of the whole.
func (e *explainer) usable(n int) bool {
	s, least := e.sessions[n], assume.InnerTTL
	if n == len(e.chain.Calls) {
		least = ttlForPeople
		if e.settings.MinTTL > 0 {
			least = e.settings.MinTTL
		}
	}
	if n > 0 {
		least = min(least, e.chain.Calls[n-1].Duration/4)
	}
	return s.Key != "" && s.Left(e.now) >= least
}

// made reports whether the next run would make step n: no session of it, or
// of one after it, serves.
func (e *explainer) made(n int) bool {
	for ; n < len(e.sessions); n++ {
		if e.usable(n) {
			return false
		}
	}
	return true
}

// shownMFA is how a call gets its code.
type shownMFA struct {
	device profile.Device
	// by is given, a driver's name, or none.
	by string
	// asked says that the next run needs a code. Where either says that the
	// other of two calls may take it.
	asked, either bool
}

// The ways to a code beside the drivers (docs/scripting.md).
const (
	codeGiven = "given"
	codeNone  = "none"
)

// mfa is how call n gets its code; nil where it takes none.
func (e *explainer) mfa(n int) *shownMFA {
	call := e.chain.Calls[n-1]
	if call.Device == nil {
		return nil
	}
	m := &shownMFA{device: *call.Device, asked: e.made(n), by: e.codeBy(call.Device)}
	m.either = call.Conditional || n > 1 && e.chain.Calls[n-2].Conditional
	return m
}

func (e *explainer) codeBy(device *profile.Device) string {
	switch {
	case e.given:
		return codeGiven
	case e.settings.MFAPrompt != "":
		return e.settings.MFAPrompt
	case e.stored(device.Serial):
		return "totp"
	case device.Process.Text != "":
		return "process"
	case e.settings.Prompt == "never":
		return codeNone
	}
	return "terminal"
}
