package profile

import (
	"slices"
	"strings"

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
}

// Load reads both files. A file that does not exist counts as empty; where a
// variable named it, Notes says so. A file that cannot be read is a
// fault.FileUnreadable, one with a line that breaks the grammar a
// fault.ParseError with the line's number.
func Load(files Files) (*Config, error) {
	config, notes, err := load(files.Config, fault.Origin{File: "config", Path: shown(files.Config.Path, files.Home)}, configSection)
	if err != nil {
		return nil, err
	}
	credentials, more, err := load(files.Credentials, fault.Origin{File: "credentials", Path: shown(files.Credentials.Path, files.Home)}, credentialsSection)
	if err != nil {
		return nil, err
	}
	return &Config{config: config, credentials: credentials, notes: append(notes, more...)}, nil
}

func load(file File, origin fault.Origin, read readHeader) (*document, []string, error) {
	c, unreadable := readFile(file.Path)
	if unreadable != nil {
		return nil, nil, unreadable.at(origin)
	}
	d, err := newDocument(c.text, origin, read)
	if err != nil {
		return nil, nil, err
	}
	d.trust = c.trust
	return d, c.notes(file, origin), nil
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
	names := slices.Concat(c.config.profiles(), c.credentials.profiles())
	slices.Sort(names)
	return slices.Compact(names)
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
	slices.Sort(names)
	return slices.Compact(names)
}
