package awsfile

import (
	"strings"

	"assume-role/internal/fault"
)

// Value is a setting in one of the places where a file has it.
type Value struct {
	// Text is what Get returns of it.
	Text string
	// Origin is its line.
	Origin fault.Origin
}

// Sections returns the headers of all sections, as Has takes them, each once,
// in the file's order.
func (f *File) Sections() []string {
	var names []string
	seen := map[string]bool{}
	for _, s := range f.sections() {
		if name := spelled(s.name); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Values returns every value that a section has for a setting, in the file's
// order. The last one counts; the others are there for any program that reads
// the file by itself.
func (f *File) Values(section, key string) []Value {
	var all []Value
	for _, part := range f.named(section) {
		for _, s := range f.settings(part) {
			if strings.EqualFold(key, s.name) {
				all = append(all, Value{Text: f.text(s), Origin: f.origin(s.at)})
			}
		}
	}
	return all
}

// text is a setting's value with the lines that continue it.
func (f *File) text(s setting) string {
	text := s.value
	for _, at := range s.more {
		text += "\n" + trim(content(f.lines[at]))
	}
	return text
}
