package shells

import (
	"bytes"
	"strings"

	"assume-role/internal/output"
)

// syntax is the part of an answer that differs between the shells that
// evaluate it. Names are identifiers, and a state needs no quoting.
type syntax struct {
	// payload writes the statements that change the session.
	payload func(*bytes.Buffer, output.Payload) error
	// guard returns what ends the answer, before anything is changed, where
	// one of the names cannot be changed; nil for none.
	guard func(names []string) string
	// keep and restore return the statements that keep a variable, and that
	// put it back and forget it.
	keep, restore func(k Kept) string
	// state returns the statement that keeps the state.
	state func(text string) string
	// quote returns a word of a command line.
	quote func(word string) string
	// call is how this program is called.
	call string
}

func (x syntax) answer(text *bytes.Buffer, a Answer) error {
	if a.run != nil {
		text.WriteString(x.command(a.run))
		return nil
	}
	if x.guard != nil {
		text.WriteString(x.guard(a.names()))
	}
	for _, k := range a.keep {
		text.WriteString(x.keep(k))
	}
	if err := x.payload(text, a.payload); err != nil {
		return err
	}
	for _, k := range a.restore {
		text.WriteString(x.restore(k))
	}
	text.WriteString(x.state(a.state))
	return nil
}

func (x syntax) command(words []string) string {
	quoted := []string{x.call}
	for _, word := range words {
		quoted = append(quoted, x.quote(word))
	}
	return strings.Join(quoted, " ") + "\n"
}

// names are those of all variables that an answer changes.
func (a Answer) names() []string {
	names := changed(a.payload)
	for _, k := range a.restore {
		names = append(names, k.Name)
	}
	return names
}

// formatted writes a payload in a format of package output.
func formatted(name string) func(*bytes.Buffer, output.Payload) error {
	return func(text *bytes.Buffer, p output.Payload) error {
		format, _ := output.Lookup(name)
		return format.Write(text, p)
	}
}

// checked refuses what a format cannot carry.
func checked(format string, p output.Payload) error {
	return formatted(format)(&bytes.Buffer{}, p)
}
