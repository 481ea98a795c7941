package output

// envNoExport is for a shell that keeps the variables to itself.
func envNoExport() Format {
	d := dialect{
		name:    "env-no-export",
		set:     func(name, value string) string { return name + "=" + quotePOSIX(value) + ";\n" },
		unset:   unsetPOSIX,
		refuses: noNUL,
	}
	return Format{d.name, "assignments for bash, zsh, dash and ash, not exported", true, d.render}
}
