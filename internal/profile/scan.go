package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// section is one [header] of a file and the text below it, unparsed.
type section struct {
	name string
	// start and end bound the body in the file's text.
	start, end int
	// line is the header's.
	line int
	kind sectionKind
}

// scan makes the one pass over a file's whole text: it checks the form of
// every line and notes where sections begin. Values stay unread. Errors say
// the line and never quote it, since it may hold a secret.
func scan(text string, read func(string) (sectionKind, string)) ([]section, *formError) {
	s := scanner{read: read, sections: make([]section, 0, 1+len(text)/usualSection)}
	l := lines{rest: text}
	for line, ok := l.next(); ok; line, ok = l.next() {
		if problem, hint := s.line(line, l.number, len(text)-len(l.rest)); problem != "" {
			return nil, &formError{line: l.number, problem: problem, hint: hint}
		}
	}
	s.finish(len(text))
	return s.sections, nil
}

// usualSection is a section's size in bytes in files that have many: a guess
// that saves growing the list, not a limit.
const usualSection = 128

// formError is a line that breaks the grammar.
type formError struct {
	line          int
	problem, hint string
}

func (e *formError) at(o fault.Origin) error {
	o.Line = e.line
	return fault.New(fault.ParseError, "%s", e.problem).At(o).Fix("%s", e.hint)
}

type scanner struct {
	read     func(text string) (sectionKind, string)
	sections []section
	// property is the line that a continuation belongs to, or empty.
	property string
	// lineStart is where the line being read starts in the text.
	lineStart int
}

// line checks one line; next is where the line after it starts.
func (s *scanner) line(line string, number, next int) (problem, hint string) {
	switch kindOf(line) {
	case headerLine:
		problem, hint = s.header(line, number, next)
	case propertyLine:
		problem, hint = s.checkProperty(line)
	case continuationLine:
		problem, hint = s.checkContinuation(line)
	}
	s.lineStart = next
	return problem, hint
}

func (s *scanner) header(line string, number, next int) (problem, hint string) {
	text, ok := inBrackets(line)
	if !ok {
		return "a section header does not end with ]", "close it, with nothing but a comment behind the ]"
	}
	s.finish(s.lineStart)
	kind, name := s.read(text)
	s.sections = append(s.sections, section{name: name, kind: kind, line: number, start: next})
	s.property = ""
	return "", ""
}

func (s *scanner) finish(end int) {
	if n := len(s.sections); n > 0 {
		s.sections[n-1].end = end
	}
}

func (s *scanner) checkProperty(line string) (problem, hint string) {
	eq := strings.IndexByte(line, '=')
	switch {
	case len(s.sections) == 0:
		return "a setting stands before the first section", "put it under a header such as [default]"
	case eq < 0 || len(cutComment(line[:eq+1])) <= eq:
		return "a line has no = sign", "write it as NAME = VALUE, or start it with # to make it a comment"
	case trim(line[:eq]) == "":
		return "a setting has no name before its = sign", "write it as NAME = VALUE"
	}
	s.property = line
	return "", ""
}

func (s *scanner) checkContinuation(line string) (problem, hint string) {
	switch {
	case len(s.sections) == 0:
		return "an indented line stands before the first section", "remove it or its indentation"
	case s.property == "":
		return "an indented line continues no setting", "remove its indentation: an indented line continues the setting above it"
	}
	if _, value, _ := split(cutComment(s.property)); value != "" {
		return "", ""
	}
	switch name, _, ok := split(line); {
	case !ok:
		return "an indented line below an empty setting has no = sign", "write it as NAME = VALUE, or remove its indentation"
	case name == "":
		return "an indented line below an empty setting has no name before its = sign", "write it as NAME = VALUE"
	}
	return "", ""
}
