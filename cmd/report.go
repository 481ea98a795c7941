package cmd

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"assume-role/internal/exec"
	"assume-role/internal/fault"
	"assume-role/internal/terminal"
)

// The exit statuses that scripts rely on (docs/scripting.md).
const (
	statusFailed      = 1
	statusUsage       = 2
	statusExecFailed  = 125
	statusInterrupted = 130
)

// finish prints the error, once, and turns it into the exit status.
func (a *app) finish(ran *cobra.Command, err error) int {
	if a.out.failed != nil {
		err = a.out.failed
	}
	if err == nil {
		return 0
	}
	var ended exitStatus
	if errors.As(err, &ended) {
		return int(ended)
	}
	if errors.Is(err, fault.ErrInterrupted) {
		a.stderr("interrupted")
		return statusInterrupted
	}
	a.printError(ran, err)
	return a.statusOf(ran, err)
}

// exitStatus is a status to end with and nothing more to say.
type exitStatus int

func (exitStatus) Error() string { return "" }

func (a *app) statusOf(ran *cobra.Command, err error) int {
	var start *exec.StartError
	var misuse usageError
	switch {
	case errors.As(err, &start):
		return start.Status
	case ran.Name() == "exec":
		return statusExecFailed
	case errors.As(err, &misuse):
		return statusUsage
	default:
		return statusFailed
	}
}

func (a *app) printError(ran *cobra.Command, err error) {
	var misuse usageError
	text := err.Error()
	if errors.As(err, &misuse) {
		text += helpFor(ran, text)
	}
	if a.wantsJSON(ran) {
		_ = a.printJSON(map[string]any{"error": errorJSON(err)})
	}
	a.stderr(text)
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(cause) {
		a.debug("because: %s", cause)
	}
}

// helpFor says where the right words are, behind a message that may be a
// question.
func helpFor(ran *cobra.Command, message string) string {
	if strings.HasSuffix(message, "?") {
		return " See `" + ran.CommandPath() + " --help`"
	}
	return ": see `" + ran.CommandPath() + " --help`"
}

// wantsJSON also looks at the words themselves: the parser stops at the first
// one it does not know.
func (a *app) wantsJSON(c *cobra.Command) bool {
	flag := c.Flags().Lookup("json")
	return flag != nil && (flag.Value.String() == "true" || !flag.Changed && slices.Contains(a.args, "--json"))
}

// jsonError is the shape of an error under --json (docs/scripting.md).
type jsonError struct {
	Code    fault.Code `json:"code,omitempty"`
	Message string     `json:"message"`
	Profile string     `json:"profile,omitempty"`
	File    string     `json:"file,omitempty"`
	Line    int        `json:"line,omitempty"`
}

func errorJSON(err error) jsonError {
	var f *fault.Error
	if !errors.As(err, &f) {
		return jsonError{Message: err.Error()}
	}
	message := f.Message
	if f.Hint != "" {
		message += ": " + f.Hint
	}
	return jsonError{Code: f.Code, Message: message, Profile: f.Profile, File: f.Origin.File, Line: f.Origin.Line}
}

// oneLine makes a message safe and short for a terminal: one line, nothing
// invisible.
func oneLine(text string) string {
	return terminal.Visible(strings.Join(strings.Fields(text), " "))
}

// plainError is an operating system's error without the wrapping: "no space
// left on device" rather than "write /dev/stdout: no space left on device".
func plainError(err error) string {
	for next := err; next != nil; next = errors.Unwrap(next) {
		err = next
	}
	return err.Error()
}
