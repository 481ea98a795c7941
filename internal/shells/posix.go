package shells

import "strings"

// What bash and zsh have in common.

// was is the variable that keeps another one's value.
func was(name string) string { return "_assume_role_was_" + name }

// guardPOSIX tries in a subshell, which changes nothing, whether all names can
// be changed: a read-only variable would stop an answer half-way.
func guardPOSIX(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "(unset " + strings.Join(names, " ") + ") || return 1\n"
}

// unexported declares a variable that no command gets, whatever `set -a` says.
type unexported func(name, value string) string

func (declare unexported) keep(k Kept) string {
	if k.Exported {
		return declare(was(k.Name), `"${`+k.Name+`-}"`)
	}
	return "unset " + was(k.Name) + "\n" +
		`if [ "${` + k.Name + `+x}" ]; then ` + declare(was(k.Name), `"${`+k.Name+`-}"`) + "fi\n"
}

func (declare unexported) restore(k Kept) string {
	value := `"${` + was(k.Name) + `-}"`
	again := "unset " + k.Name + "\n"
	if k.Exported {
		again += "export " + k.Name + "=" + value + "\n"
	} else {
		again += `if [ "${` + was(k.Name) + `+x}" ]; then ` + declare(k.Name, value) + "fi\n"
	}
	return again + "unset " + was(k.Name) + "\n"
}

func (declare unexported) state(text string) string {
	return declare("_assume_role_state", "'"+text+"'")
}

func quotePOSIX(word string) string { return "'" + strings.ReplaceAll(word, "'", `'"'"'`) + "'" }
