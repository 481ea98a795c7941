package cmd

import (
	"errors"
	"os"
)

// errTaken says that the terminal is another program's now.
var errTaken = errors.New("the terminal is another program's")

// terminalRule says whose the terminal is. A tool that serves credentials lives
// beside other programs, and must neither read what is typed for them nor write
// over what they show.
type terminalRule struct {
	// free reports whether this process may use it; nil: it always may.
	free func() bool
}

// taken reports whether the terminal is another program's.
func (r terminalRule) taken() bool { return r.free != nil && !r.free() }

// giveUp leaves the terminal to another program for good. The variable goes
// because GnuPG, which unlocks the pass store, asks on the terminal that it
// names.
func (r *terminalRule) giveUp() {
	_ = os.Unsetenv("GPG_TTY")
	r.free = func() bool { return false }
}
