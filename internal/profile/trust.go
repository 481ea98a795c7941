package profile

import "assume-role/internal/fault"

// trust says why a file's programs are not run; the zero value means that
// they are.
type trust struct {
	// problem goes on after the file's name: "belongs to another user".
	problem string
}

// trusted reports whether a program named at this origin may be run: not
// where others can write the file, or where another user (but root) owns it.
// Notes has the warning. On Windows every file is trusted: its folder's
// access list keeps others out.
func (c *Config) trusted(o fault.Origin) bool { return c.trustIn(o).problem == "" }

// trustIn returns the trust in the file of an origin; what comes from no file
// comes from the user.
func (c *Config) trustIn(o fault.Origin) trust {
	switch o.File {
	case c.config.origin.File:
		return c.config.trust
	case c.credentials.origin.File:
		return c.credentials.trust
	}
	return trust{}
}
