package output

import "strings"

// nushell is for Nushell: assume-role export P --format nushell | save -f
// FILE, then source FILE.
// See https://www.nushell.sh/book/working_with_strings.html.
func nushell() Format {
	d := dialect{
		name:    "nushell",
		set:     func(name, value string) string { return "$env." + name + " = " + quoteNushell(value) + "\n" },
		unset:   func(names []string) string { return "hide-env -i " + strings.Join(names, " ") + "\n" },
		refuses: onlyText,
	}
	return Format{d.name, "$env assignments for Nushell", true, d.render}
}

// quoteNushell keeps a value on one line. Nothing is special within single
// quotes, and there is no way to write one.
func quoteNushell(value string) string {
	if !strings.ContainsAny(value, "'\r\n") {
		return "'" + value + "'"
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`).Replace(value) + `"`
}
