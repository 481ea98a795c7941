package exec

import "os"

// forwarded are the console's events. Every process of a console gets them, so
// this one only has to outlive the child.
func forwarded() []os.Signal { return []os.Signal{os.Interrupt} }

func forward(*os.Process, os.Signal) {}

func statusOf(state *os.ProcessState) int { return state.ExitCode() }
