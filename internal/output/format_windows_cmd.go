package output

import "strings"

// commandLimit is cmd.exe's limit for a line, which it cuts off silently
// (https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation).
const commandLimit = 8191

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
	for _, c := range []byte(value) {
		switch {
		case strings.IndexByte(`"%!^`, c) >= 0:
			return `one of the characters " % ! ^, which cmd.exe interprets`
		case c < ' ' && c != '\t' && c != '\r' && c != '\n' && c != 0, c == 0x7f:
			return "a control character"
		}
	}
	if len(value) > commandLimit-len(setCmd("AWS_ENDPOINT_URL_0123456789012345678901234567890123456789", "")) {
		return "more text than a line of cmd.exe (8191 characters)"
	}
	return onlyLine(value)
}
