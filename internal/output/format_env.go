package output

import (
	"fmt"
	"strings"
)

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
//   - A value with a character that is special in a pattern, extended ones and
//     ksh's braces included, is not written itself, but as codes that printf
//     prints.
//   - No backslash stands outside quotes, because some shells (bash 5.0, dash)
//     drop one from a field that then matches a file, and what it escaped would
//     become syntax. Within quotes a dropped one changes no syntax.
func quotePOSIX(value string) string {
	if strings.ContainsAny(value, "*?[({") {
		body := strings.TrimRight(value, "\n") // $(…) drops line breaks at the end.
		return `"$(printf %b '` + octal(body) + `')"` + quoteSingle(value[len(body):])
	}
	return quoteSingle(value)
}

func quoteSingle(value string) string {
	return `'` + strings.ReplaceAll(value, `'`, `'"'"'`) + `'`
}

// octal returns a text as printf's %b reads it, every byte but letters and
// digits as its code.
func octal(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\0%03o`, c)
		}
	}
	return b.String()
}
