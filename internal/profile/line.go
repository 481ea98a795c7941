package profile

import "strings"

// lineKind is what the AWS files' grammar makes of a line by its first
// character. Blank characters are the space and the tab, and no others.
type lineKind uint8

const (
	blankLine lineKind = iota // nothing, or a comment
	headerLine
	continuationLine
	propertyLine
)

func kindOf(line string) lineKind {
	if line == "" {
		return blankLine
	}
	switch line[0] {
	case '#', ';':
		return blankLine
	case '[':
		return headerLine
	case ' ', '\t':
		if trim(line) == "" {
			return blankLine
		}
		return continuationLine
	}
	return propertyLine
}

// lines hands out the lines of a text, which end in LF or CR LF.
type lines struct {
	rest   string
	number int // of the line handed out last
}

func (l *lines) next() (string, bool) {
	if l.rest == "" {
		return "", false
	}
	l.number++
	line := l.rest
	if end := strings.IndexByte(line, '\n'); end >= 0 {
		line, l.rest = line[:end], line[end+1:]
	} else {
		l.rest = ""
	}
	return strings.TrimSuffix(line, "\r"), true
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func trimLeft(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	return s
}

func trim(s string) string {
	s = trimLeft(s)
	for s != "" && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// cutComment drops a comment from the end of a property's line. It needs a
// blank before its # or ;, so that keys and URLs that hold one survive.
func cutComment(line string) string {
	for i := 1; i < len(line); i++ {
		if (line[i] == '#' || line[i] == ';') && isBlank(line[i-1]) {
			return line[:i]
		}
	}
	return line
}

// split parses NAME = VALUE at the first equals sign. The name may come back
// empty; ok is false where there is no equals sign.
func split(line string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(line, "=")
	return trim(name), trim(value), ok
}
