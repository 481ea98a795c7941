package output

// Formats returns every format, the default one first, in the order of help.
func Formats() []Format {
	return []Format{
		env(),
		envNoExport(),
		fish(),
		powershell(),
		windowsCmd(),
		nushell(),
		dotenv(),
		process(),
		jsonObject(),
		ini(),
	}
}

// Lookup returns the format of that name.
func Lookup(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
