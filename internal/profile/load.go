package profile

import (
	"sort"
	"strings"
	"sync"

	"assume-role/internal/fault"
)

// Config is what the two AWS files say. Loading it checks the form of every
// line and indexes the section headers; a profile's values are parsed when
// the profile is asked for. It is safe for concurrent use.
//
// See https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html.
type Config struct {
	config, credentials *document
	notes               []string
	names               func() map[string]bool
}

// document is one of the two files: its text and where its sections are.
type document struct {
	// origin is the file's name in errors, with no line.
	origin   fault.Origin
	text     string
	sections []section
	trust    trust
}

// Load reads both files. A file that does not exist counts as empty; where a
// variable named it, Notes says so. A file that cannot be read is a
// fault.FileUnreadable, one with a line that breaks the grammar a
// fault.ParseError with the line's number.
func Load(files Files) (*Config, error) {
	config, err := load(files.Config, fault.Origin{File: "config", Path: shown(files.Config.Path, files.Home)}, configSection)
	if err != nil {
		return nil, err
	}
	credentials, err := load(files.Credentials, fault.Origin{File: "credentials", Path: shown(files.Credentials.Path, files.Home)}, credentialsSection)
	if err != nil {
		return nil, err
	}
	c := &Config{config: config.document, credentials: credentials.document}
	c.notes = append(config.notes, credentials.notes...)
	c.names = sync.OnceValue(c.collectNames)
	return c, nil
}

// loaded is a document with what there is to say about its file.
type loaded struct {
	*document
	notes []string
}

func load(file File, origin fault.Origin, read func(string) (sectionKind, string)) (loaded, error) {
	c, err := readFile(file.Path)
	if err != nil {
		return loaded{}, err.at(origin)
	}
	text, bad := decode(c.data)
	if bad != nil {
		return loaded{}, bad.at(origin)
	}
	sections, bad := scan(text, read)
	if bad != nil {
		return loaded{}, bad.at(origin)
	}
	d := &document{origin: origin, text: text, sections: sections, trust: c.trust}
	return loaded{document: d, notes: c.notes(file, origin)}, nil
}

// shown shortens the home folder to ~, as messages show it.
func shown(path, home string) string {
	home = strings.TrimRight(home, `/\`)
	if rest, ok := strings.CutPrefix(path, home); ok && home != "" && rest != "" && (rest[0] == '/' || rest[0] == '\\') {
		return "~" + rest
	}
	return path
}

// Notes are one-line warnings about the files themselves.
func (c *Config) Notes() []string { return c.notes }

// Names returns the names of all profiles of both files, sorted.
func (c *Config) Names() []string {
	names := make([]string, 0, len(c.names()))
	for name := range c.names() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func (c *Config) collectNames() map[string]bool {
	names := make(map[string]bool, len(c.config.sections)+len(c.credentials.sections))
	for _, d := range []*document{c.config, c.credentials} {
		for _, s := range d.sections {
			if s.kind == profileSection || s.kind == bareDefault {
				names[s.name] = true
			}
		}
	}
	return names
}

// Has reports whether a profile has a section in either file.
func (c *Config) Has(name string) bool {
	return len(c.config.profile(name)) > 0 || len(c.credentials.profile(name)) > 0
}

// SSOSessions returns the names of the config file's [sso-session] sections,
// sorted.
func (c *Config) SSOSessions() []string {
	var names []string
	for _, s := range c.config.sections {
		if s.kind == ssoSection {
			names = append(names, s.name)
		}
	}
	sort.Strings(names)
	return compact(names)
}

// compact removes repetitions from a sorted list.
func compact(sorted []string) []string {
	var kept []string
	for i, s := range sorted {
		if i == 0 || s != sorted[i-1] {
			kept = append(kept, s)
		}
	}
	return kept
}

// find returns the sections of one kind and name, in the file's order.
func (d *document) find(kind sectionKind, name string) []section {
	var found []section
	for _, s := range d.sections {
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
