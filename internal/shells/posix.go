package shells

import (
	"bytes"
	"strings"

	"assume-role/internal/output"
)

// posix is what bash and zsh have in common.
func posix(declare unexported) syntax {
	return syntax{
		payload: payloadPOSIX, guard: guardPOSIX, keep: declare.keep, restore: declare.restore,
		state: declare.state, quote: quotePOSIX, call: "_assume_role_program",
	}
}

// own stands before a command of the shell's own, so that neither an alias nor
// a function of its name is called in its place.
const own = `\builtin `

// was is the variable that keeps another one's value.
func was(name string) string { return "_assume_role_was_" + name }

// guardPOSIX tries in a subshell, which changes nothing, whether all names can
// be changed: a read-only variable would stop an answer half-way.
func guardPOSIX(names []string) string {
	return "(" + own + "unset " + strings.Join(append(names, stateVariable), " ") + ") || return 1\n"
}

// stateVariable is the variable that keeps the state.
const stateVariable = "_assume_role_state"

// payloadPOSIX writes what format env does, for an eval that is always quoted:
// nothing in it depends on printf, or on whose export that is.
func payloadPOSIX(text *bytes.Buffer, p output.Payload) error {
	if err := checked("env", p); err != nil {
		return err
	}
	if len(p.Unset) > 0 {
		text.WriteString(own + "unset " + strings.Join(p.Unset, " ") + "\n")
	}
	for _, v := range p.Set {
		text.WriteString(own + "export " + v.Name + "=" + quotePOSIX(v.Value.Reveal()) + "\n")
	}
	return nil
}

// unexported returns the statement that sets a variable which no command gets,
// whatever `set -a` says.
type unexported func(name, value string) string

func (declare unexported) keep(k Kept) string {
	if k.Exported {
		return declare(was(k.Name), value(k.Name)) + "\n"
	}
	return own + "unset " + was(k.Name) + "\n" + declare.copied(k.Name, was(k.Name))
}

func (declare unexported) restore(k Kept) string {
	again := own + "unset " + k.Name + "\n"
	if k.Exported {
		again += own + "export " + k.Name + "=" + value(was(k.Name)) + "\n"
	} else {
		again += declare.copied(was(k.Name), k.Name)
	}
	return again + own + "unset " + was(k.Name) + "\n"
}

// copied gives one variable the value of another, if that has one.
func (declare unexported) copied(from, to string) string {
	return "if [[ ${" + from + "+x} ]]; then " + declare(to, value(from)) + "; fi\n"
}

func (declare unexported) state(text string) string {
	return declare(stateVariable, "'"+text+"'") + "\n"
}

func value(name string) string { return `"${` + name + `-}"` }

func quotePOSIX(word string) string { return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'" }
