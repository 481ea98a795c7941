package exec

import (
	"os"
	"syscall"
)

// forwarded are the console's events: Ctrl-C and Ctrl-Break, and, as SIGTERM,
// the end of the console or of the user's session. Every process of a console
// gets them, so this one only has to outlive the child.
func forwarded() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

func forward(*os.Process, os.Signal) {}

func statusOf(state *os.ProcessState) int { return state.ExitCode() }

// attend waits for the child and passes signals on.
func attend(child *os.Process, signals <-chan os.Signal) (status int) {
	ended := make(chan int, 1)
	go func() { ended <- wait(child) }()
	for {
		select {
		case s := <-signals:
			forward(child, s)
		case status := <-ended:
			return status
		}
	}
}

// wait returns the exit status of a child that ended. os.Process.Wait fails
// only for a child that is not ours or was waited for, which cannot be.
func wait(child *os.Process) int {
	state, err := child.Wait()
	if err != nil {
		return StatusFailed
	}
	return statusOf(state)
}

// InBackground reports whether another program has the terminal. A console has
// no background.
func InBackground() bool { return false }
