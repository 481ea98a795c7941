package populate

import (
	"slices"
	"strings"

	"assume-role/internal/awsfile"
)

// value is one setting of a profile.
type value struct{ key, text string }

// settings are those of a profile; one without a text may be as it is.
func (b *block) settings(p *profile, region string) []value {
	return []value{{keySession, b.request.Session}, {keyAccount, p.account}, {keyRole, p.role}, {keyRegion, region}}
}

// newSection writes a profile, and a blank line.
func newSection(name string, settings []value) (*section, error) {
	s := &section{name: prefix + name}
	_, err := s.update(settings)
	s.text += "\n"
	return s, err
}

// update makes the settings of a section what they should be, and reports
// whether they were not.
func (s *section) update(settings []value) (changed bool, err error) {
	f, err := awsfile.Parse(s.text)
	if err != nil {
		return false, err
	}
	for _, v := range settings {
		if v.text == "" {
			continue
		}
		if err := f.Set(s.name, v.key, v.text); err != nil {
			return false, err
		}
	}
	changed = f.Changed()
	s.text = f.Text()
	return changed, nil
}

// edited reports whether there is more in a section than update puts there.
func (s *section) edited() bool {
	own := []string{keySession, keyAccount, keyRole, keyRegion}
	for i, line := range strings.Split(s.text, "\n") {
		name, _, setting := strings.Cut(line, "=")
		if i > 0 && strings.TrimSpace(line) != "" && !(setting && slices.Contains(own, strings.TrimSpace(name))) {
			return true
		}
	}
	return false
}
