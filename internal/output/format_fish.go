package output

import "strings"

// fish is for the fish shell: assume-role export P --format fish | source.
// See https://fishshell.com/docs/current/language.html#quotes.
func fish() Format {
	escape := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	d := dialect{
		name: "fish",
		set: func(name, value string) string {
			return "set -gx " + name + " '" + escape.Replace(value) + "';\n"
		},
		// set -e fails for a variable that is not set, and removes the others.
		unset:   func(names []string) string { return "set -e " + strings.Join(names, " ") + "; or true;\n" },
		refuses: noNUL,
	}
	return Format{d.name, "set -gx commands for fish", true, d.render}
}
