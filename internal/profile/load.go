package profile

import (
	"slices"
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
	// merged are the profiles that were asked for, by name: a list of all of
	// them comes by the same source profile again and again.
	merged sync.Map
	// sections are the others that were asked for, by the line of the first.
	sections sync.Map
	// meant are the names nearest to one that is missing, by that name.
	meant sync.Map
}

// Load reads both files. A file that does not exist counts as empty; where a
// variable named it, Notes says so. A file that cannot be read is a
// fault.FileUnreadable, one with a line that breaks the grammar a
// fault.ParseError with the line's number.
func Load(files Files) (*Config, error) {
	config, err := files.Config.load(inConfigFile, files.Home, configSection)
	if err != nil {
		return nil, err
	}
	credentials, err := files.Credentials.load(inCredentialsFile, files.Home, credentialsSection)
	if err != nil {
		return nil, err
	}
	return &Config{config: config, credentials: credentials}, nil
}

// The two files' names in an origin.
const (
	inConfigFile      = "config"
	inCredentialsFile = "credentials"
)

func (f File) load(name, home string, read readHeader) (*document, error) {
	origin := fault.Origin{File: name, Path: shown(f.Path, home)}
	c, unreadable := readFile(f.Path)
	if unreadable != nil {
		return nil, unreadable.at(origin)
	}
	d, err := newDocument(c.text, origin, read)
	if err != nil {
		return nil, err
	}
	d.trust, d.lost = c.trust, c.missing && f.Named
	return d, nil
}

// shown shortens the home folder to ~, as messages show it.
func shown(path, home string) string {
	home = strings.TrimRight(home, `/\`)
	if rest, ok := strings.CutPrefix(path, home); ok && home != "" && rest != "" && (rest[0] == '/' || rest[0] == '\\') {
		return "~" + rest
	}
	return path
}

// Notes are one-line warnings about the files themselves: one that a variable
// names and that is not there, and one that others could have written.
func (c *Config) Notes() []string {
	var notes []string
	for _, d := range []*document{c.config, c.credentials} {
		switch {
		case d.lost:
			notes = append(notes, d.variable()+" names a file that does not exist: "+d.origin.Path)
		case d.trust.problem != "":
			notes = append(notes, d.origin.Path+" "+d.trust.problem+": no program that it names is run")
		}
	}
	return notes
}

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
