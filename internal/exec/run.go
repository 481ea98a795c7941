package exec

import (
	"os"
	"os/signal"
	"slices"
)

// Stdio are the three standard files that a child inherits.
type Stdio [3]*os.File

// Run runs the command as a child, in this process's own group, so that the
// terminal's foreground group stays what it is, and returns its exit status:
// 128+N when signal N killed it. The error, a *StartError, says why it did not
// start. There is no limit to the child's life but its own; signals to this
// process are passed on to it, and do not end this process before it. Where the
// child stops, so does this process, for the shell to see whose job it is.
func Run(c Command, stdio Stdio) (status int, err error) {
	if err := c.carriable(); err != nil {
		return StatusFailed, err
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, handled()...)
	defer signal.Stop(signals)
	defer enclose()()
	child, err := start(c, stdio)
	if err != nil {
		failed := notStarted(c.Args[0], err)
		return failed.Status, failed
	}
	return attend(child, signals), nil
}

// handled are the signals to pass on. One that the caller ignores stays
// ignored, here and in the child.
func handled() []os.Signal { return slices.DeleteFunc(forwarded(), signal.Ignored) }

func start(c Command, stdio Stdio) (child *os.Process, err error) {
	attr := &os.ProcAttr{Env: c.Env, Files: stdio[:], Sys: c.line()}
	err = c.attempt(func(path string, args []string) error {
		child, err = os.StartProcess(path, args, attr)
		return err
	})
	return child, err
}
