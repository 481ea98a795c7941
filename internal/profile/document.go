package profile

import (
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
	index atomic.Pointer[map[string][]section]
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
	index := make(map[string][]section, len(d.sections))
	names := make([]string, 0, len(d.sections))
	for _, s := range d.sections {
		index[s.name] = append(index[s.name], s)
		if s.kind == profileSection || s.kind == bareDefault {
			names = append(names, s.name)
		}
	}
	d.index.Store(&index)
	return names
}

// find returns the sections of one kind and name, in the file's order.
func (d *document) find(kind sectionKind, name string) []section {
	sections := d.sections
	if index := d.index.Load(); index != nil {
		sections = (*index)[name]
	}
	var found []section
	for _, s := range sections {
		if s.kind == kind && s.name == name {
			found = append(found, s)
		}
	}
	return found
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
