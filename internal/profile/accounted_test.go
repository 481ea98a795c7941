package profile

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"assume-role/internal/fault"
)

// FuzzEveryLineCounts holds that a file is read as a whole or refused: in an
// accepted one, each line of each section that counts is blank, a comment, a
// setting that is found again with its line, or a part of such a setting.
func FuzzEveryLineCounts(f *testing.F) {
	addVectors(f)
	f.Fuzz(func(t *testing.T, config, credentials string) {
		for text, read := range map[string]readHeader{config: configSection, "\n" + credentials: credentialsSection} {
			d, err := newDocument(text, fault.Origin{}, read)
			if err != nil {
				continue
			}
			checkSpans(t, d, read)
			for _, s := range d.sections {
				checkSection(t, d, s)
			}
		}
	})
}

// checkSpans: the sections' bodies are all there is, but for headers and
// sections that are ignored.
func checkSpans(t *testing.T, d *document, read readHeader) {
	t.Helper()
	end, inside := 0, false
	for line := range strings.SplitAfterSeq(d.text, "\n") {
		start := end
		end += len(line)
		if text, ok := inBrackets(strings.TrimRight(line, "\r\n")); ok && line[0] == '[' {
			kind, _ := read(text)
			inside = kind != ignoredSection
			continue
		}
		held := slices.ContainsFunc(d.sections, func(s section) bool { return int(s.start) <= start && end <= int(s.end) })
		if held != inside && line != "" {
			t.Fatalf("%q: %q is in a section: %v", d.text, line, held)
		}
	}
}

// checkSection: what the section's lines say is what is read.
func checkSection(t *testing.T, d *document, s section) {
	t.Helper()
	values, err := d.parse([]section{s})
	if err != nil {
		t.Fatalf("%q: %v", d.text, err)
	}
	var name string
	var first int
	for i, line := range strings.Split(d.text[s.start:s.end], "\n") {
		line, number := strings.TrimSuffix(line, "\r"), s.line+1+i
		switch kindOf(line) {
		case headerLine:
			t.Fatalf("%q: a header in the body of another: %q", d.text, line)
		case propertyLine:
			name, first = strings.ToLower(strings.Trim(line[:strings.IndexByte(line, '=')], " \t")), number
			if got, ok := values[name]; validKey(name) && (!ok || got.Origin.Line < number) {
				t.Fatalf("%q: %s of line %d is not read: %v", d.text, name, number, got)
			}
		case continuationLine:
			got := values[name]
			if validKey(name) && got.Origin.Line == first && !hasLine(got, number, strings.Trim(line, " \t")) {
				t.Fatalf("%q: line %d is no part of %s: %v", d.text, number, name, got)
			}
		}
	}
}

// hasLine reports whether a value has a text from a line.
func hasLine(s setting, number int, text string) bool {
	numbers := strings.Fields(s.more)
	i := slices.Index(numbers, strconv.Itoa(number))
	parts := strings.Split(s.Text, "\n")
	return i >= 0 && len(parts) == len(numbers)+1 && parts[i+1] == text
}
