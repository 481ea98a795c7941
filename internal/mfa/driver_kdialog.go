package mfa

// kdialog asks in a Qt window (https://develop.kde.org/docs/administration/kdialog/).
func kdialog() driver {
	return window{
		program: "kdialog", needsDisplay: true,
		arguments: func(question string) []string {
			return []string{"--title", dialogTitle, "--password", question}
		},
		cancelled: func(string) bool { return true }, // where it cannot show a window it aborts
	}.driver()
}
