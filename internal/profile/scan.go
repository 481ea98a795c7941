package profile

import (
	"strings"

	"assume-role/internal/fault"
)

// section is one [header] of a file and the text below it, unparsed.
type section struct {
	name string
	// start and end bound the body in the file's text (maxFileSize).
	start, end int32
	// line is the header's.
	line int
	kind sectionKind
}

// maxSections and maxSettings, of one section, bound the time and the memory
// that a file costs.
const maxSections, maxSettings = 100_000, 100_000

// usualSection is a section's size in bytes in files that have many, rather too
// small: a guess that saves growing the list, not a limit.
const usualSection = 64

// scan makes the one pass over a file's whole text: it checks the form of
// every line and notes where sections begin. Values stay unread.
func scan(text string, read readHeader) ([]section, *formError) {
	s := scanner{read: read, sections: make([]section, 0, 1+len(text)/usualSection)}
	l := lines{rest: text}
	for line, ok := l.next(); ok; line, ok = l.next() {
		if problem := s.line(line, l.number, len(text)-len(l.rest)); problem != nil {
			return nil, &formError{problem: *problem, line: l.number}
		}
	}
	s.finish(len(text))
	return s.sections, nil
}

// readHeader says what a header's text means; the two files differ in it.
type readHeader func(text string) (sectionKind, string)

// problem is what is wrong with a line, and what to do about it. It never
// quotes the line, which may hold a secret.
type problem struct{ message, hint string }

// formError is a line that breaks the grammar.
type formError struct {
	problem
	line int
}

func (e *formError) at(o fault.Origin) error {
	o.Line = e.line
	return fault.New(fault.ParseError, "%s", e.message).At(o).Fix("%s", e.hint)
}

type scanner struct {
	read     readHeader
	sections []section
	// started says that there was a header, open that the last one's section
	// is at the end of the list and has no end yet.
	started, open bool
	// lineStart is where the line being read starts in the text.
	lineStart int
	above     above
	// settings counts those of the section.
	settings int
}

// above is the setting that an indented line would continue.
type above struct {
	// line is the setting's, until the first line that continues it.
	line string
	form aboveForm
}

type aboveForm uint8

const (
	noSetting aboveForm = iota
	unreadSetting
	textSetting  // it has a value, which goes on
	blockSetting // it has none: sub-properties follow
)

// line checks one line; next is where the line after it starts.
func (s *scanner) line(line string, number, next int) *problem {
	var bad *problem
	switch kindOf(line) {
	case headerLine:
		bad = s.header(line, number, next)
	case propertyLine:
		bad = s.checkProperty(line)
	case continuationLine:
		bad = s.checkContinuation(line)
	}
	s.lineStart = next
	return bad
}

func (s *scanner) header(line string, number, next int) *problem {
	text, ok := inBrackets(line)
	if !ok {
		return &problem{"a section header does not end with ]", "close it, with nothing but a comment behind the ]: the AWS CLI refuses the file, too, and the Go SDK skips the line"}
	}
	s.finish(s.lineStart)
	s.started, s.above, s.settings = true, above{}, 0
	kind, name := s.read(text)
	if kind == ignoredSection {
		return nil
	}
	if len(s.sections) == maxSections {
		return &problem{"the file has more than 100,000 sections", "name an AWS config or credentials file"}
	}
	s.sections = append(s.sections, section{name: name, kind: kind, line: number, start: int32(next)})
	s.open = true
	return nil
}

// finish ends the section above.
func (s *scanner) finish(end int) {
	if s.open {
		s.sections[len(s.sections)-1].end = int32(end)
		s.open = false
	}
}

func (s *scanner) checkProperty(line string) *problem {
	eq := strings.IndexByte(line, '=')
	switch {
	case !s.started:
		return &problem{"a setting stands before the first section", "put it under a header such as [default]"}
	case eq < 0 || len(cutComment(line[:eq+1])) <= eq:
		return noEqualsSign(line)
	case trim(line[:eq]) == "":
		return &problem{"a setting has no name before its = sign", "write it as NAME = VALUE"}
	case s.settings == maxSettings:
		return &problem{"the section has more than 100,000 settings", "name an AWS config or credentials file"}
	}
	s.settings++
	s.above = above{line, unreadSetting}
	return nil
}

// noEqualsSign says more about a colon, which some programs take.
func noEqualsSign(line string) *problem {
	if strings.Contains(cutComment(line), ":") {
		return &problem{"a line has no = sign", "write it as NAME = VALUE: the AWS CLI and the Go SDK take a colon as well, the other SDKs do not"}
	}
	return &problem{"a line has no = sign", "write it as NAME = VALUE, or start it with # to make it a comment"}
}

func (s *scanner) checkContinuation(line string) *problem {
	switch {
	case !s.started:
		return &problem{"an indented line stands before the first section", "remove it or its indentation"}
	case s.above.form == noSetting:
		return &problem{"an indented line continues no setting", "remove its indentation: the AWS CLI and the Go SDK read it as a setting all the same, the other SDKs do not"}
	}
	s.above.read()
	if s.above.form == blockSetting {
		return checkSubProperty(line)
	}
	return nil
}

func (a *above) read() {
	if a.form != unreadSetting {
		return
	}
	a.form = textSetting
	if _, value, _ := split(cutComment(a.line)); value == "" {
		a.form = blockSetting
	}
}

func checkSubProperty(line string) *problem {
	switch name, _, ok := split(line); {
	case !ok:
		return &problem{"an indented line below an empty setting has no = sign", "write it as NAME = VALUE, or remove its indentation"}
	case name == "":
		return &problem{"an indented line below an empty setting has no name before its = sign", "write it as NAME = VALUE"}
	}
	return nil
}
