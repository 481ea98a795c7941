package cmd

import (
	"time"

	"assume-role/internal/fault"
	"assume-role/internal/profile"
)

// shownDuration is what a call asks for, and why.
type shownDuration struct {
	length time.Duration
	// reason is flag, profile, setting, default or role-chaining.
	reason string
	// asked is what was lowered, and by is what asked for it.
	asked  time.Duration
	by     string
	origin fault.Origin
}

// The reasons for a duration (docs/scripting.md).
const (
	byFlag     = "flag"
	byProfile  = "profile"
	bySetting  = "setting"
	byDefault  = "default"
	byChaining = "role-chaining"
)

// duration says why a call asks for the time it does.
func (e *explainer) duration(c profile.Call) *shownDuration {
	d := e.durationWanted(c)
	if d.asked > c.Duration {
		d.reason = byChaining
	}
	d.length = c.Duration
	return d
}

// durationWanted says who asked for how long, before AWS's limit for role
// chaining.
func (e *explainer) durationWanted(c profile.Call) *shownDuration {
	if c.DurationGiven {
		return &shownDuration{reason: byFlag, by: "--duration", asked: c.Duration}
	}
	if at, ok := c.Settings["duration_seconds"]; ok {
		asked, err := parseDuration(e.textAt("duration_seconds", at))
		if err != nil {
			asked = c.Duration
		}
		return &shownDuration{reason: byProfile, by: "duration_seconds", asked: asked, origin: at}
	}
	name, configured := "session.role_duration", e.settings.RoleDuration
	if c.Kind == profile.SessionToken || c.Kind == profile.FederationToken {
		name, configured = "session.token_duration", e.settings.TokenDuration
	}
	if configured == standardDuration(name) {
		return &shownDuration{reason: byDefault, by: "the default", asked: configured}
	}
	return &shownDuration{reason: bySetting, by: name, asked: configured}
}

// standardDuration is what a setting says where nobody sets it.
func standardDuration(key string) time.Duration {
	for _, entry := range settingsTable() {
		if entry.key == key {
			d, _ := parseDuration(entry.fallback) // a test reads them all
			return d
		}
	}
	return 0
}
