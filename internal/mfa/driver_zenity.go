package mfa

import "strings"

// zenity asks in a GTK window (https://manpages.debian.org/zenity.1). Its label
// has no markup, but takes "_" for the mark of an accelerator.
func zenity() driver {
	return window{
		program: "zenity", needsDisplay: true,
		arguments: func(question string) []string {
			text := strings.ReplaceAll(question, "_", "__")
			return []string{"--entry", "--hide-text", "--title=" + dialogTitle, "--text=" + text}
		},
		// It ends with 1 for "Cancel" and for a display that it cannot use.
		cancelled: func(stderr string) bool { return !strings.Contains(strings.ToLower(stderr), "display") },
	}.driver()
}
