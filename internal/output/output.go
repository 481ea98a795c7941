// Package output writes credentials for a shell, a file or a program. The
// formats have the names that the AWS CLI gives its own
// (https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html).
//
// No value, whatever it holds, can run as code in the shell that evaluates the
// output: a format either carries it exactly or refuses it.
package output

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"assume-role/internal/creds"
)

// Payload is what there is to write.
type Payload struct {
	// Set are the variables to set, in order.
	Set []creds.Variable
	// Unset are the names of the variables to remove. Formats that no shell
	// evaluates leave them out.
	Unset []string
	// Credentials are for the formats that are not lists of variables:
	// process and ini.
	Credentials creds.Credentials
	// Profile and Region are the ini section's name and region.
	Profile, Region string
}

// Format is one way to write a payload.
type Format struct {
	// Name is what --format takes.
	Name string
	// Description is half a line for help and completion.
	Description string
	// Evaluated says that a shell evaluates the output, so that it can also
	// remove variables and means little to a person's eyes.
	Evaluated bool

	render func(*bytes.Buffer, Payload) error
}

// Write writes the payload at once, or nothing where the format cannot carry
// it (an *Unrepresentable).
func (f Format) Write(w io.Writer, p Payload) error {
	var text bytes.Buffer
	if err := f.render(&text, p); err != nil {
		return err
	}
	_, err := w.Write(text.Bytes())
	return err
}

// Unrepresentable says that a format cannot carry a value, or a name. It does
// not show the value.
type Unrepresentable struct {
	// Format is the format's name.
	Format string
	// Name is the variable's or the setting's.
	Name string
	// Reason says what is in the way, like "a line break".
	Reason string
}

// Error returns one line that says which value of what holds what.
func (e *Unrepresentable) Error() string {
	return fmt.Sprintf("format %s cannot carry the value of %q: it holds %s", e.Format, e.Name, e.Reason)
}

// dialect is the part of a format that differs between lists of variables:
// each function returns the text of one statement, or of one quoted value.
type dialect struct {
	name string
	// set returns the statement that sets a variable.
	set func(name, value string) string
	// unset returns the statements that remove variables; nil for none.
	unset func(names []string) string
	// refuses returns what in a value is in the way, or "".
	refuses func(value string) string
}

// render writes what is to be removed first, then what is to be set, so that
// the result is the same whatever was there before.
func (d dialect) render(text *bytes.Buffer, p Payload) error {
	if err := d.check(p); err != nil {
		return err
	}
	if d.unset != nil && len(p.Unset) > 0 {
		text.WriteString(d.unset(p.Unset))
	}
	for _, v := range p.Set {
		text.WriteString(d.set(v.Name, v.Value.Reveal()))
	}
	return nil
}

func (d dialect) check(p Payload) error {
	for _, v := range p.Set {
		reason := d.refuses(v.Value.Reveal())
		if !Identifier(v.Name) {
			reason = "a character that no variable's name has"
		}
		if reason != "" {
			return &Unrepresentable{d.name, v.Name, reason}
		}
	}
	for _, name := range p.Unset {
		if !Identifier(name) {
			return &Unrepresentable{d.name, name, "a character that no variable's name has"}
		}
	}
	return nil
}

// Identifier reports whether a name is one to every shell.
func Identifier(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == "" &&
		(name[0] < '0' || name[0] > '9')
}

// The reasons to refuse a value, for the dialects to choose from.

// noNUL refuses what no environment can hold.
func noNUL(value string) string {
	if strings.IndexByte(value, 0) >= 0 {
		return "a NUL byte"
	}
	return ""
}

// onlyUTF8 refuses what a reader that decodes UTF-8 would change.
func onlyUTF8(value string) string {
	if !utf8.ValidString(value) {
		return "bytes that are not UTF-8"
	}
	return ""
}

// onlyText refuses what is not text.
func onlyText(value string) string { return cmp.Or(onlyUTF8(value), noNUL(value)) }

// onlyLine refuses what does not fit on one line.
func onlyLine(value string) string {
	if strings.ContainsAny(value, "\r\n") {
		return "a line break"
	}
	return onlyText(value)
}
