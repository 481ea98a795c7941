// Package completion has the scripts that make shells ask this program what
// may stand next on its command line, and the form of the answers. The scripts
// evaluate nothing that comes from a line or from an answer.
package completion

import _ "embed" // the scripts are files of their own, for their shells' own checkers

// Shell is one that has a script.
type Shell struct {
	// Name is what `assume-role completion` takes.
	Name string
	// Script is for the shell to read.
	Script string
}

// Shells returns the shells that completion works in, sorted.
func Shells() []Shell {
	return []Shell{{"bash", bash}, {"fish", fish}, {"powershell", powershell}, {"zsh", zsh}}
}

// Names returns the names of the shells.
func Names() []string {
	var names []string
	for _, shell := range Shells() {
		names = append(names, shell.Name)
	}
	return names
}

// Script returns a shell's script; ok is false for a shell that has none.
func Script(name string) (script string, ok bool) {
	for _, shell := range Shells() {
		if shell.Name == name {
			return shell.Script, true
		}
	}
	return "", false
}

//go:embed script.bash
var bash string

//go:embed script.fish
var fish string

//go:embed script.ps1
var powershell string

//go:embed script.zsh
var zsh string
