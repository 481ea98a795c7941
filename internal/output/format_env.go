package output

import "strings"

// env is for sh and its heirs: bash, zsh, dash, ash.
func env() Format {
	d := dialect{
		name:    "env",
		set:     func(name, value string) string { return "export " + name + "=" + quotePOSIX(value) + ";\n" },
		unset:   unsetPOSIX,
		refuses: noNUL,
	}
	return Format{d.name, "export statements for bash, zsh, dash and ash", true, d.render}
}

func unsetPOSIX(names []string) string { return "unset " + strings.Join(names, " ") + ";\n" }

// quotePOSIX quotes a value for eval, both quoted, eval "$(…)", where it comes
// out exactly, and unquoted, eval $(…), where white space may fold. The
// unquoted form is split at white space and each field is expanded as a file
// name pattern before eval reads the whole; so a folder with a file that a
// field matches could put that file's name, a command maybe, in its place:
//
//   - A character that is special in a pattern, extended ones included, is
//     never written itself, but printed by a substitution.
//   - No backslash stands outside quotes, because some shells (bash 5.0, dash)
//     drop one from a field that then matches a file, and what it escaped would
//     become syntax. Within quotes a dropped one changes no syntax.
func quotePOSIX(value string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, c := range []byte(value) {
		switch {
		case c == '\'':
			b.WriteString(`'"'"'`)
		case strings.IndexByte(`*?[(`, c) >= 0:
			b.WriteString(`'"$(printf '\0` + octal(c) + `')"'`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// octal returns the two digits of a character below 64, or the three of
// another.
func octal(c byte) string {
	digits := []byte{'0' + c>>3&7, '0' + c&7}
	if c >= 64 {
		digits = append([]byte{'0' + c>>6}, digits...)
	}
	return string(digits)
}
