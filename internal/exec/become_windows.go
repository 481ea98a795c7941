package exec

// Become runs the command and returns its exit status: Windows cannot replace
// a process.
func Become(c Command, stdio Stdio) (status int, err error) { return Run(c, stdio) }
