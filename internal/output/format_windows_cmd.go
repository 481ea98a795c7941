package output

import "strings"

// longestCmd leaves room for set "NAME=" in a line of cmd.exe, which cuts one
// off at 8191 characters and says nothing
// (https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation).
const longestCmd = 8000

// windowsCmd is for cmd.exe: written to a .cmd file that is called, or
// FOR /F "delims=" %A in ('assume-role export P --format windows-cmd') DO %A.
func windowsCmd() Format {
	d := dialect{
		name:    "windows-cmd",
		set:     setCmd,
		refuses: refuseCmd,
		unset: func(names []string) string {
			return `set "` + strings.Join(names, "=\"\r\nset \"") + "=\"\r\n"
		},
	}
	return Format{d.name, "set commands for cmd.exe", true, d.render}
}

func setCmd(name, value string) string { return `set "` + name + "=" + value + "\"\r\n" }

// refuseCmd refuses what cmd.exe has no quoting for that works in a file, in a
// FOR loop and with delayed expansion alike.
func refuseCmd(value string) string {
	switch {
	case onlyLine(value) != "":
		return onlyLine(value)
	case strings.ContainsAny(value, `"%!^`):
		return `one of the characters " % ! ^, which cmd.exe interprets`
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
		return "a control character"
	case len(value) > longestCmd:
		return "more text than a line of cmd.exe does"
	}
	return ""
}
