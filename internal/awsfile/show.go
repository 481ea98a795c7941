package awsfile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown splits a text into lines as a diff shows them: without their endings
// and without the values of secrets, also where a comment keeps one.
func shown(text string) []line {
	var lines []line
	secret := false
	for raw := range strings.Lines(text) {
		show := content(raw)
		switch name, _, ok := strings.Cut(strings.TrimLeft(show, "#; \t"), "="); {
		case ok && isSecret(name):
			show, secret = show[:strings.IndexByte(show, '=')+1]+" ***", true
		case secret && kindOf(show) == continuationLine:
			show = " ***"
		case kindOf(show) == propertyLine || kindOf(show) == headerLine:
			secret = false
		}
		if !strings.HasSuffix(raw, "\n") {
			show += "\n" + noEnd
		}
		lines = append(lines, line{content(raw), show})
	}
	return lines
}

// noEnd is what diff(1) says of a last line without an ending.
const noEnd = `\ No newline at end of file`

// isSecret reports whether a setting's value is one.
func isSecret(name string) bool {
	return slices.Contains([]string{"aws_secret_access_key", "aws_session_token", "aws_security_token"}, strings.ToLower(trim(name)))
}

// visible shows what a terminal would obey or hide as an escape.
func visible(text string) string {
	text, end, _ := strings.Cut(text, "\n")
	var b strings.Builder
	for rest := text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if r == '\t' || unicode.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			b.WriteString(rest[:size])
		} else {
			quoted := strconv.QuoteToASCII(rest[:size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		rest = rest[size:]
	}
	if end != "" {
		b.WriteString("\n" + end)
	}
	return b.String()
}
