package profile

import (
	"cmp"
	"slices"

	"assume-role/internal/fault"
)

// Lint is one place where other programs read the files otherwise than this
// tool does, so that a profile which works here does not work there, or
// works with other credentials. docs/aws-rules.md has the list.
type Lint struct {
	// Rule names the kind of difference: "inline-comment".
	Rule string
	// Profile is the profile it is in, or empty where it is not in one.
	Profile string
	// Origin is the line to look at.
	Origin fault.Origin
	// Message says, in one clause, what is read here and what elsewhere. It
	// quotes no value.
	Message string
	// Fix is what to write so that all programs agree, in one clause.
	Fix string
}

// String returns the whole as one line, in the form of an error.
func (l Lint) String() string {
	return fault.New("", "%s", l.Message).In(l.Profile).At(l.Origin).Fix("%s", l.Fix).Error()
}

// Lints returns every such place of both files, in the order of the lines,
// the config file's first.
func (c *Config) Lints() []Lint {
	return c.lints(c.Names(), func(section) bool { return true })
}

// LintsOf returns those that concern one chain: its profiles', their
// sso-session's, and what concerns a file as a whole.
func (c *Config) LintsOf(chain *Chain) []Lint {
	names := chain.Profiles()
	session := chain.Source.Settings["sso_session"].Text
	return c.lints(names, func(s section) bool {
		switch s.kind {
		case profileSection, bareDefault:
			return slices.Contains(names, s.name)
		case ssoSection:
			return s.name == session
		}
		return false
	})
}

func (c *Config) lints(names []string, wanted func(section) bool) []Lint {
	found := slices.Concat(lintText(c.config, configSection, wanted), lintText(c.credentials, credentialsSection, wanted))
	for _, name := range names {
		if c.Has(name) {
			found = append(found, c.lintProfile(name)...)
		}
	}
	slices.SortStableFunc(found, func(a, b Lint) int {
		return cmp.Or(cmp.Compare(a.Origin.File, b.Origin.File), cmp.Compare(a.Origin.Line, b.Origin.Line), cmp.Compare(a.Rule, b.Rule))
	})
	return slices.CompactFunc(found, func(a, b Lint) bool { return a.Origin == b.Origin && a.Rule == b.Rule })
}
