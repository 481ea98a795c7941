// Package shells holds what `assume-role init SHELL` prints: the function
// assume of each shell, one file a shell, and the answers that this function
// carries out.
//
// The function is the same few lines everywhere. It calls `assume-role assume`
// with the words of the user and what it has kept of earlier calls, and on
// success carries out the answer: for bash, zsh, fish and PowerShell text of
// the shell's own, for Nushell and Elvish, which have no quoting or no eval
// that takes everything, a JSON object. So all that is decided is decided in
// Go. What the user's variables were before is kept in variables of the shell
// that are not exported; the program gets only their names.
package shells

import (
	"bytes"
	"io"
	"strings"
)

// Shell is one shell that assume can be loaded into.
type Shell struct {
	// Name is the word after init.
	Name string
	// File is the start-up file, and Line what the user puts there.
	File, Line string

	// integration returns the text of the function; program is the path of
	// this program.
	integration func(program string) string
	// answer writes an answer.
	answer func(*bytes.Buffer, Answer) error
}

// List returns every shell, in the order of help.
func List() []Shell {
	return []Shell{
		bash(),
		zsh(),
		fish(),
		powershell(),
		nushell(),
		elvish(),
	}
}

// Names returns the names of all shells.
func Names() []string {
	var names []string
	for _, s := range List() {
		names = append(names, s.Name)
	}
	return names
}

// Lookup returns the shell of that name.
func Lookup(name string) (Shell, bool) {
	for _, s := range List() {
		if s.Name == name {
			return s, true
		}
	}
	return Shell{}, false
}

// programs are the names of shells' programs that differ from their words.
func programs() map[string]string {
	return map[string]string{"pwsh": "powershell", "nu": "nushell", "sh": "bash", "rbash": "bash"}
}

// Suggested returns the shell that a program's path, such as $SHELL, is of.
func Suggested(path string) (Shell, bool) {
	base := path[strings.LastIndexAny(path, `/\`)+1:]
	base = strings.TrimSuffix(strings.ToLower(base), ".exe")
	if name, ok := programs()[base]; ok {
		base = name
	}
	return Lookup(base)
}

// Integration returns the text that defines assume. It calls the program by
// the path given, so that a later change of PATH changes nothing.
func (s Shell) Integration(program string) string { return s.integration(program) }

// Write writes an answer at once, or nothing where the shell cannot carry a
// value (an *output.Unrepresentable).
func (s Shell) Write(w io.Writer, a Answer) error {
	var text bytes.Buffer
	if err := s.answer(&text, a); err != nil {
		return err
	}
	_, err := w.Write(text.Bytes())
	return err
}

// fill puts values in the places that a text has for them.
func fill(text string, values ...string) string { return strings.NewReplacer(values...).Replace(text) }
