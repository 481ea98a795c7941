package cmd

import (
	"errors"
	"os"

	"assume-role/internal/exec"
)

// errNoTerminal says that there is no terminal for this process to ask on.
var errNoTerminal = errors.New("no terminal to ask on")

// terminalRule says whose the terminal is. A tool that serves credentials lives
// beside other programs, and must neither read what is typed for them nor write
// over what they show.
type terminalRule struct {
	// free reports whether this process may use it; nil: it always may.
	free func() bool
	// silent says that it shows another program.
	silent bool
}

// taken reports whether the terminal is another program's.
func (r terminalRule) taken() bool { return r.free != nil && !r.free() }

// giveUp leaves the terminal to another program for good. The variable goes
// because GnuPG, which unlocks the pass store, asks on the terminal that it
// names.
func (r *terminalRule) giveUp() {
	_ = os.Unsetenv("GPG_TTY")
	r.free, r.silent = func() bool { return false }, true
}

// onlyInForeground leaves the terminal alone while this process is in its
// background, where reading would stop it.
func (r *terminalRule) onlyInForeground() {
	r.free = func() bool { return !exec.InBackground() }
}
