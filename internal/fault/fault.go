// Package fault is the tool's error: what failed, in which profile, where in
// which file, and what to do about it, on one line. Errors are made once,
// where the failure is understood, and printed once, by package cmd.
package fault

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Code names a kind of failure for `--json` consumers. The names are stable.
type Code string

// The codes that scripts rely on (docs/scripting.md). An error outside them
// has none.
const (
	ProfileNotFound       Code = "profile_not_found"
	SourceProfileNotFound Code = "source_profile_not_found"
	InfiniteLoop          Code = "infinite_loop"
	TwoSources            Code = "source_and_credential_source"
	NoSource              Code = "no_source"
	PartialCredentials    Code = "partial_credentials"
	NoCredentials         Code = "no_credentials"
	RoleARNMissing        Code = "role_arn_missing"
	SSOIncomplete         Code = "sso_incomplete"
	SSOSessionNotFound    Code = "sso_session_not_found"
	SSOConflict           Code = "sso_conflict"
	InvalidValue          Code = "invalid_value"
	ParseError            Code = "parse_error"
	FileUnreadable        Code = "file_unreadable"
)

// ErrInterrupted says that the user pressed Ctrl-C. The exit status is 130.
var ErrInterrupted = errors.New("interrupted")

// Origin is the place in a file that a value or an error came from.
type Origin struct {
	// File is the file's part: "config" or "credentials", as JSON shows it.
	File string
	// Path is where the file lies, as messages show it: ~ for the home folder.
	Path string
	// Line counts from 1; 0 means the place is not known.
	Line int
}

// String returns "path:line", or "" where no file is known.
func (o Origin) String() string {
	if o.Path == "" || o.Line == 0 {
		return o.Path
	}
	return o.Path + ":" + strconv.Itoa(o.Line)
}

// Error is a failure that a user can act on.
type Error struct {
	// Code is the failure's name under --json, or empty.
	Code Code
	// Profile is the profile that it happened in, or empty.
	Profile string
	// Message says what failed, in one clause without a final full stop.
	Message string
	// Origin is the line to look at, if there is one.
	Origin Origin
	// Hint says what to do, in one clause, or is empty.
	Hint string
	// SignedOut says that only a sign-in mends it, which a person has to make.
	SignedOut bool
	// Err is the cause: shown under --debug only, kept for errors.Is.
	Err error
}

// New makes an Error; the message is formatted like fmt.Sprintf.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// In returns the error with its profile set, unless it has one.
func (e *Error) In(profile string) *Error {
	if e.Profile == "" {
		e.Profile = profile
	}
	return e
}

// At returns the error with its origin set, unless it has one.
func (e *Error) At(o Origin) *Error {
	if e.Origin == (Origin{}) {
		e.Origin = o
	}
	return e
}

// Fix returns the error with advice on what to do.
func (e *Error) Fix(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Because returns the error with its cause.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// Error returns the whole message as one line:
//
//	profile "dev": role_arn is not a role's ARN (~/.aws/config:7): write arn:…
func (e *Error) Error() string {
	var b strings.Builder
	if e.Profile != "" {
		fmt.Fprintf(&b, "profile %q: ", e.Profile)
	}
	b.WriteString(e.Message)
	if at := e.Origin.String(); at != "" {
		fmt.Fprintf(&b, " (%s)", at)
	}
	if e.Hint != "" {
		b.WriteString(": ")
		b.WriteString(e.Hint)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// longest bounds what a message repeats of another program's text, in bytes.
const longest = 600

// OneLine makes the text of another program fit to stand in a message: one
// line of bounded length without a final full stop.
func OneLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return strings.TrimSuffix(text, ".")
}
