package awsfile

import "strings"

// lineKind is what the files' grammar makes of a line by its first character.
// Blank characters are the space and the tab, and no others.
type lineKind uint8

const (
	blankLine   lineKind = iota // nothing in it
	commentLine                 // # or ; first
	headerLine
	continuationLine
	propertyLine
)

func kindOf(line string) lineKind {
	switch {
	case trim(line) == "":
		return blankLine
	case line[0] == '#' || line[0] == ';':
		return commentLine
	case line[0] == '[':
		return headerLine
	case isBlank(line[0]):
		return continuationLine
	}
	return propertyLine
}

// content is a line without its ending, which is LF or CR LF.
func content(line string) string {
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func trim(s string) string { return strings.Trim(s, " \t") }

// cutComment splits a property's line where a comment begins, which takes a
// blank before its # or ;.
func cutComment(line string) (text, comment string) {
	for i := 1; i < len(line); i++ {
		if (line[i] == '#' || line[i] == ';') && isBlank(line[i-1]) {
			return line[:i], line[i:]
		}
	}
	return line, ""
}

// property reads a property's line: its name in lower case and its value.
func property(line string) (name, value string, ok bool) {
	text, _ := cutComment(line)
	name, value, ok = strings.Cut(text, "=")
	return strings.ToLower(trim(name)), trim(value), ok
}

// withValue puts another value into a property's line; its name, the blanks
// around it, its comment and its ending stay.
func withValue(line, value string) string {
	body := content(line)
	text, comment := cutComment(body)
	name, old, _ := strings.Cut(text, "=")
	lead := old[:len(old)-len(strings.TrimLeft(old, " \t"))]
	trail := ""
	if trim(old) != "" {
		trail = old[len(strings.TrimRight(old, " \t")):]
	}
	if comment != "" && trail == "" {
		trail = " "
	}
	return name + "=" + lead + value + trail + comment + line[len(body):]
}
