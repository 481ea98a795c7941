package profile

import "strings"

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// quoted is a text as one word of a POSIX shell, bare where it can be.
func quoted(text string) string {
	odd := func(r rune) bool { return r > 'z' || r < '-' || strings.ContainsRune(";<=>?[]^`\\", r) }
	if text != "" && !strings.ContainsFunc(text, odd) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'"'"'`) + "'"
}
