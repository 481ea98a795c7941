package exec

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"assume-role/internal/fault"
)

// The exit statuses of a command that did not start, as env(1), timeout(1) and
// docker run have them.
const (
	// StatusFailed: this tool failed before the command could start.
	StatusFailed = 125
	// StatusCannotRun: the command was found and cannot be run.
	StatusCannotRun = 126
	// StatusNotFound: there is no such command.
	StatusNotFound = 127
)

// Command is a program that was found, ready to run.
type Command struct {
	// Path is the program's file.
	Path string
	// Args are the words as the user typed them, the command's name first.
	Args []string
	// Env is the whole environment.
	Env []string
}

// StartError says why a command did not start.
type StartError struct {
	// Status is the exit status to end with: one of the constants above.
	Status int
	// Fault is the message for the user.
	Fault *fault.Error
}

// Error returns the fault's message.
func (e *StartError) Error() string { return e.Fault.Error() }

// Unwrap returns the fault.
func (e *StartError) Unwrap() error { return e.Fault }

// Find searches for the program that the first word names, as a shell does:
// along the PATH of env (the child's environment), unless the word has a path
// separator. The current folder is searched only where PATH names it. The
// error is a *StartError.
func Find(words, env []string) (Command, error) {
	path, err := search(words[0], newEnvironment(env))
	if err != nil {
		return Command{}, notStarted(words[0], err)
	}
	return Command{Path: path, Args: words, Env: env}, nil
}

// notStarted translates an error of the search or of the start.
func notStarted(word string, err error) *StartError {
	status, why := StatusCannotRun, reason(err)
	if errors.Is(err, fs.ErrNotExist) {
		status = StatusNotFound
	}
	return &StartError{Status: status, Fault: fault.New("", "cannot run %q: %s", word, why).Because(err)}
}

// errBadInterpreter: the file is there and what its first line names is not.
const errBadInterpreter = badInterpreter("its interpreter (the #! line) or loader does not exist")

type badInterpreter string

func (b badInterpreter) Error() string { return string(b) }

// Is makes it a file that does not exist: the exit status is 127, as env(1)
// has it.
func (badInterpreter) Is(target error) bool { return target == fs.ErrNotExist }

// reason puts the usual errors in words; the others speak for themselves.
func reason(err error) string {
	switch {
	case errors.Is(err, errBadInterpreter):
		return errBadInterpreter.Error()
	case errors.Is(err, fs.ErrNotExist):
		return "command not found"
	case errors.Is(err, syscall.EISDIR):
		return "it is a folder"
	case errors.Is(err, fs.ErrPermission):
		return "it is not executable (permission denied)"
	case errors.Is(err, syscall.E2BIG):
		return "its arguments and environment are larger than the system allows"
	}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno.Error()
	}
	return err.Error()
}

// carriable refuses words and variables with a NUL byte, which no system can
// pass on.
func (c Command) carriable() error {
	for _, word := range c.Args {
		if strings.IndexByte(word, 0) >= 0 {
			return &StartError{StatusFailed, fault.New("", "an argument of %q holds a NUL byte, which no program can be given", c.Args[0])}
		}
	}
	for _, entry := range c.Env {
		if strings.IndexByte(entry, 0) >= 0 {
			return &StartError{StatusFailed, fault.New("", "the value of %s holds a NUL byte, which no environment can carry", nameOf(entry))}
		}
	}
	return nil
}
