package awsfile

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"assume-role/internal/fault"
)

// maxFileSize, in bytes, and maxSections are what package profile reads.
const maxFileSize, maxSections = 16 << 20, 100_000

// check refuses a text that programs could not read, or read differently: who
// edits it could not tell what an edit does.
func (f *File) check() error {
	text := f.Text()
	switch {
	case len(text) > maxFileSize:
		return f.unreadable("the file is larger than 16 MiB", "name an AWS config or credentials file")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return f.unreadable("the file is not text in UTF-8", "save it as UTF-8")
	}
	c := checker{}
	for i, line := range f.lines {
		if bad := c.line(content(line)); bad != "" {
			return fault.New(fault.ParseError, "%s", bad).At(f.origin(i)).Fix("correct the line first")
		}
	}
	if c.headers > maxSections {
		return f.unreadable("the file has more than 100,000 sections", "name an AWS config or credentials file")
	}
	return nil
}

func (f *File) unreadable(message, hint string) error {
	return fault.New(fault.FileUnreadable, "%s", message).At(fault.Origin{Path: f.Name}).Fix("%s", hint)
}

// origin is the place of a line, which counts from 0 here.
func (f *File) origin(line int) fault.Origin { return fault.Origin{Path: f.Name, Line: line + 1} }

// checker is what has been read of a file on the way.
type checker struct {
	headers int
	// open says that there is a setting above to continue, block that it is
	// empty, so that sub-properties continue it.
	open, block bool
}

// line returns what is wrong with a line. It never quotes it: it may hold a
// secret.
func (c *checker) line(line string) string {
	switch kindOf(line) {
	case headerLine:
		c.headers++
		c.open = false
		if _, ok := inBrackets(line); !ok {
			return "a section header does not end with ]"
		}
	case propertyLine:
		return c.property(line)
	case continuationLine:
		return c.continuation(line)
	}
	return ""
}

func (c *checker) property(line string) string {
	name, value, ok := property(line)
	c.open, c.block = true, value == ""
	switch {
	case c.headers == 0:
		return "a setting stands before the first section"
	case !ok:
		return "a line has no = sign"
	case name == "":
		return "a setting has no name before its = sign"
	}
	return ""
}

func (c *checker) continuation(line string) string {
	name, _, ok := strings.Cut(line, "=")
	switch {
	case !c.open:
		return "an indented line continues no setting"
	case c.block && (!ok || trim(name) == ""):
		return "an indented line below an empty setting is no NAME = VALUE"
	}
	return ""
}

// carries refuses what would not come back from the file as it went in.
func (f *File) carries(section, key, value string) error {
	name := canonical(section)
	text, closed := inBrackets(header(name))
	switch {
	case name == "" || !closed || canonical(text) != name || unfit(name):
		return f.refused("%q cannot be the name of a section", section)
	case key == "" || strings.ContainsFunc(key, func(r rune) bool { return !plain(r) }):
		return f.refused("%q cannot be the name of a setting", key)
	case unfit(value):
		return f.refused("the value for %s has a line break, a control character or invalid UTF-8 in it", key)
	}
	if _, back, _ := property(key + " = " + value); back != value || strings.TrimSpace(value) != value {
		return f.refused("the value for %s has blanks at its ends, or a # or ; where programs begin a comment", key)
	}
	return nil
}

func unfit(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl)
}

func (f *File) refused(format string, args ...any) error {
	return fault.New(fault.InvalidValue, format, args...).At(fault.Origin{Path: f.Name}).
		Fix("give another one: the file could not carry it")
}
