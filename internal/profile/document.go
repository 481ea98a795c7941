package profile

import (
	"slices"
	"strings"
	"sync/atomic"

	"assume-role/internal/fault"
)

// document is one of the two files: its text and where its sections are.
type document struct {
	// origin is the file's name in errors, with no line.
	origin   fault.Origin
	text     string
	sections []section
	trust    trust
	// marked says that the text began with a byte-order mark.
	marked bool
	// lost says that a variable named the file and it is not there.
	lost bool
	// index finds sections by name once it is there. Resolving one profile
	// looks up a few names, for which walking the list is cheaper.
	index atomic.Pointer[sectionIndex]
}

// sectionIndex has the places of the sections of each name in the list, from 1.
type sectionIndex struct {
	first map[string]int32
	// next is, for each section, that of the next one of its name; 0: none.
	next []int32
}

func indexed(sections []section) *sectionIndex {
	x := &sectionIndex{first: make(map[string]int32, len(sections)), next: make([]int32, len(sections))}
	for i, s := range slices.Backward(sections) {
		x.next[i] = x.first[s.name]
		x.first[s.name] = int32(i + 1)
	}
	return x
}

// newDocument checks and indexes a file's text.
func newDocument(text string, origin fault.Origin, read readHeader) (*document, error) {
	marked := strings.HasPrefix(text, byteOrderMark)
	text, bad := checkText(text)
	if bad != nil {
		return nil, bad.at(origin)
	}
	sections, bad := scan(text, read)
	if bad != nil {
		return nil, bad.at(origin)
	}
	return &document{origin: origin, text: text, sections: sections, marked: marked}, nil
}

// profiles returns the names of the file's profiles, as often as they occur.
// Who wants them all goes on to look them all up, so that it makes the index.
func (d *document) profiles() []string {
	names := make([]string, 0, len(d.sections))
	for _, s := range d.sections {
		if s.isProfile() {
			names = append(names, s.name)
		}
	}
	if d.index.Load() == nil {
		d.index.Store(indexed(d.sections))
	}
	return names
}

// find returns the sections of one kind and name, in the file's order.
func (d *document) find(kind sectionKind, name string) []section {
	var found []section
	if x := d.index.Load(); x != nil {
		for i := x.first[name]; i > 0; i = x.next[i-1] {
			found = d.addKind(found, int(i-1), kind)
		}
		return found
	}
	for i := range d.sections {
		if d.sections[i].name == name {
			found = d.addKind(found, i, kind)
		}
	}
	return found
}

// addKind adds a section if it is of that kind. The first one stays a part of
// the list: a name has rarely more.
func (d *document) addKind(found []section, i int, kind sectionKind) []section {
	switch {
	case d.sections[i].kind != kind:
		return found
	case found == nil:
		return d.sections[i : i+1 : i+1]
	}
	return append(found, d.sections[i])
}

// profile returns the sections that make up a profile in this file. A [profile
// default] replaces a [default], whichever comes first.
func (d *document) profile(name string) []section {
	if found := d.find(profileSection, name); len(found) > 0 || name != defaultProfile {
		return found
	}
	return d.find(bareDefault, name)
}

// variable is the name of the one that can name the file.
func (d *document) variable() string {
	if d.origin.File == inCredentialsFile {
		return credentialsVariable
	}
	return configVariable
}

// at returns a line of the file as an origin.
func (d *document) at(line int) fault.Origin {
	o := d.origin
	o.Line = line
	return o
}
