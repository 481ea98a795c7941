package cmd

import (
	"errors"
	"os"
	"sync/atomic"

	"assume-role/internal/exec"
)

// errNoTerminal says that there is no terminal for this process to ask on.
var errNoTerminal = errors.New("no terminal to ask on")

// terminalRule says whose the terminal is. A tool that serves credentials lives
// beside other programs, and must neither read what is typed for them nor write
// over what they show. Its methods may be called at the same time.
type terminalRule struct {
	// whose is one of the three below.
	whose atomic.Int32
}

const (
	ours int32 = iota
	oursInForeground
	anothers
)

// now is whose it is; without a rule it is ours.
func (r *terminalRule) now() int32 {
	if r == nil {
		return ours
	}
	return r.whose.Load()
}

// taken reports whether the terminal is another program's.
func (r *terminalRule) taken() bool {
	switch r.now() {
	case ours:
		return false
	case oursInForeground:
		return exec.InBackground()
	}
	return true
}

// silent reports whether the terminal shows another program.
func (r *terminalRule) silent() bool { return r.now() == anothers }

// giveUp leaves the terminal to another program for good. The variable goes
// because GnuPG, which unlocks the pass store, asks on the terminal that it
// names.
func (r *terminalRule) giveUp() {
	_ = os.Unsetenv("GPG_TTY")
	r.whose.Store(anothers)
}

// onlyInForeground leaves the terminal alone while this process is in its
// background, where reading would stop it.
func (r *terminalRule) onlyInForeground() { r.whose.Store(oursInForeground) }
