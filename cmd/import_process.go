package cmd

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
)

const settingProcess = "credential_process"

// ownProcess is the credential_process line for SDKs and IDEs, which the tool
// itself passes over. Programs split it in different ways, some through a shell:
// a name that could mean different things to them is refused.
func ownProcess(name string) (string, error) {
	const bare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.@:+=,"
	word := name
	switch {
	case name == "" || strings.HasPrefix(name, "-") || !hasOnly(name, bare+" "):
		return "", fault.New(fault.InvalidValue, "the name cannot be an argument of credential_process in every shell").In(name).
			Fix("nothing was changed: give --no-process, or rename the profile")
	case strings.Contains(name, " "):
		word = `"` + name + `"`
	}
	return "assume-role credential-process " + word, nil
}

// hasOnly reports whether a name has only these characters.
func hasOnly(name, letters string) bool {
	return strings.IndexFunc(name, func(r rune) bool { return !strings.ContainsRune(letters, r) }) < 0
}

// room is the error of a section where the line cannot stand: it has another
// credential_process.
func (at place) room(name string) error {
	line, err := ownProcess(name)
	if err != nil {
		return err
	}
	others := at.values(settingProcess)
	if n := len(others); n > 0 && others[n-1].Text != line {
		return fault.New(fault.TwoSources, "the profile has a credential_process of its own").In(name).At(others[n-1].Origin).
			Fix("nothing was changed: remove the line, or give --no-process")
	}
	return nil
}

// setProcess puts the line into the section, in the place of another one.
func (at place) setProcess(name string) error {
	line, err := ownProcess(name)
	if err != nil {
		return err
	}
	return at.file.Set(at.section, settingProcess, line)
}

// asking finds the credential_process with which a profile asks another tool
// for itself.
func (f *plainFiles) asking(tool, name string) (place, bool) {
	for _, at := range f.places(name) {
		lines := at.values(settingProcess)
		if n := len(lines); n > 0 && callsTool(lines[n-1].Text, tool, name) {
			return at, true
		}
	}
	return place{}, false
}

// callsTool reports whether a command runs a tool and names a profile to it.
func callsTool(command, tool, name string) bool {
	words := strings.FieldsFunc(command, func(r rune) bool { return strings.ContainsRune(" \t\"'=", r) })
	if len(words) == 0 {
		return false
	}
	program := words[0][strings.LastIndexAny(words[0], `/\`)+1:]
	return strings.TrimSuffix(program, ".exe") == tool && slices.Contains(words[1:], name)
}
