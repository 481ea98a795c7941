package shells

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"assume-role/internal/output"
)

// State is what a shell keeps between calls of assume, beside the values of
// the variables: nothing of it is secret, and it is one word to every shell.
type State struct {
	// Kept are the variables whose values the shell has kept.
	Kept []Kept `json:"kept,omitempty"`
	// Set are the variables that the last assume set, with the values of those
	// that tell whether somebody has changed them since: none is secret.
	Set map[string]string `json:"set,omitempty"`
	// Profile is the ASSUME_ROLE_PROFILE of the last assume.
	Profile string `json:"profile,omitempty"`
	// Flags are those of the last assume that may be repeated, each as one
	// word, and Name its PROFILE.
	Flags []string `json:"flags,omitempty"`
	Name  string   `json:"name,omitempty"`
}

// Kept is a variable as it was before the first assume.
type Kept struct {
	Name string `json:"n"`
	// Exported says that it was in the environment. Otherwise the shell itself
	// finds out whether it had the variable.
	Exported bool `json:"x,omitempty"`
}

// ReadState reads what Text wrote. What is damaged counts as nothing kept: it
// comes from a variable that anyone may have changed, and its names become
// part of what the shell evaluates.
func ReadState(text string) State {
	var s State
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(data, &s) != nil {
		return State{}
	}
	if slices.ContainsFunc(s.Kept, func(k Kept) bool { return !output.Identifier(k.Name) }) {
		return State{}
	}
	return s
}

// Text returns the state as letters, digits, - and _, which is never empty.
func (s State) Text() string {
	if len(s.Kept) == 0 {
		return "-"
	}
	data, err := json.Marshal(s)
	if err != nil { // strings and booleans always marshal
		return "-"
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

func (s State) has(name string) bool {
	return slices.ContainsFunc(s.Kept, func(k Kept) bool { return k.Name == name })
}

// Answer is what a shell is to do.
type Answer struct {
	keep    []Kept
	restore []Kept
	payload output.Payload
	state   string
	run     []string
}

// Run answers with a call of this program, which gets the shell's own streams:
// what it prints is not evaluated.
func Run(words ...string) Answer { return Answer{run: words} }

// Enter answers with a change of the shell's variables. What is changed for
// the first time is kept before. The state's profile, flags and name are the
// new session's; environ is the caller's environment.
func (s State) Enter(environ []string, p output.Payload) Answer {
	var keep []Kept
	for _, name := range changed(p) {
		if !s.has(name) {
			keep = append(keep, Kept{name, inEnvironment(environ, name)})
		}
	}
	s.Kept = slices.Concat(s.Kept, keep)
	s.Set = map[string]string{}
	for _, v := range p.Set {
		s.Set[v.Name] = ""
		if telling(v.Name) {
			s.Set[v.Name] = v.Value.Reveal()
		}
	}
	return Answer{keep: keep, payload: p, state: s.Text()}
}

// Leave answers with the way back: what a session set goes, and all that was
// kept is put back as it was.
func (s State) Leave(p output.Payload) Answer {
	var left output.Payload
	for _, v := range p.Set {
		if !s.has(v.Name) {
			left.Set = append(left.Set, v)
		}
	}
	for _, name := range p.Unset {
		if !s.has(name) {
			left.Unset = append(left.Unset, name)
		}
	}
	return Answer{restore: s.Kept, payload: left, state: State{}.Text()}
}

// telling reports whether the value of a variable, which is not secret, tells
// who set it last.
func telling(name string) bool {
	return slices.Contains([]string{"AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_REGION"}, name)
}

// ChangedSince returns the variables of the last assume that the environment
// has otherwise than that assume left them, sorted.
func (s State) ChangedSince(environ []string) []string {
	var names []string
	if s.Set == nil {
		return nil
	}
	for _, k := range s.Kept {
		value, set := s.Set[k.Name]
		same := set && (!telling(k.Name) || slices.Contains(environ, k.Name+"="+value))
		if !same && inEnvironment(environ, k.Name) {
			names = append(names, k.Name)
		}
	}
	slices.Sort(names)
	return names
}

// changed are the names of all that a payload sets or removes.
func changed(p output.Payload) []string {
	names := slices.Clone(p.Unset)
	for _, v := range p.Set {
		names = append(names, v.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func inEnvironment(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
}
