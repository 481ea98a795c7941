package profile

import (
	"slices"

	"assume-role/internal/fault"
)

// Profile is one profile as the AWS rules read it, merged of both files, or
// one [sso-session] or [services] section.
type Profile struct {
	Name string
	// Origin is the line of its first header: the config file's, if it has
	// one there.
	Origin fault.Origin

	settings settings
}

// settings are a section's values by name, in lower case.
type settings map[string]setting

// setting is a value and where it was written.
type setting struct {
	Value
	// more are the numbers of the lines that continue it, one for each line
	// of Text but the first, with spaces between.
	more string
}

// Get returns a setting's value and where it stands. An empty value counts as
// unset, as in the SDKs. The lines that continue a value follow it, each
// after a newline; a block of sub-properties begins with a newline.
func (p *Profile) Get(key string) (Value, bool) {
	s, ok := p.settings[key]
	if s.Text == "" && key == keySessionToken {
		s, ok = p.settings[keySecurityToken]
	}
	return s.Value, ok && s.Text != ""
}

// Keys returns the names of the settings that Get finds as written in the
// files, sorted and in lower case. Empty ones are left out.
func (p *Profile) Keys() []string {
	keys := make([]string, 0, len(p.settings))
	for key, s := range p.settings {
		if s.Text != "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}
