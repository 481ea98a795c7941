package mfa

import "strings"

// osascript asks in a window of macOS's (osascript(1)). The question is an
// argument of the script, no part of it: nothing in it is run.
func osascript() driver {
	return window{
		program: "osascript",
		arguments: func(question string) []string {
			return []string{
				"-e", "on run argv",
				"-e", `display dialog (item 1 of argv) with title "` + dialogTitle + `" default answer "" with hidden answer`,
				"-e", "text returned of result",
				"-e", "end run",
				question,
			}
		},
		cancelled: func(stderr string) bool { return strings.Contains(stderr, "-128") }, // userCanceledErr
	}.driver()
}
