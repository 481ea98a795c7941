package profile

import "assume-role/internal/fault"

// trust says why a file's programs are not run; the zero value means that
// they are.
type trust struct {
	// problem goes on after the file's name: "belongs to another user".
	problem string
	// why goes on after "is not run, because", and fix says what to do about
	// the file whose name follows.
	why, fix string
}

// trustIn says whether a program named at this origin may be run: not where
// others can write the file, or where another user (but root) owns it. A link
// counts for what it leads to. A folder that others can write is no reason:
// what they put there is theirs by its owner. What comes from no file comes
// from the user. Notes has the warning. On Windows every file is trusted: its
// folder's access list keeps others out.
func (c *Config) trustIn(o fault.Origin) trust {
	switch o.File {
	case c.config.origin.File:
		return c.config.trust
	case c.credentials.origin.File:
		return c.credentials.trust
	}
	return trust{}
}
