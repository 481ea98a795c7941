package profile

import "strings"

// Sub returns the sub-properties of a setting ("s3", a service's name in a
// [services] section), by name as written; nil where it has none. Of a name
// that is given twice, the last counts.
func (p *Profile) Sub(key string) map[string]Value { return p.settings[key].sub() }

func (s setting) sub() map[string]Value {
	block, ok := strings.CutPrefix(s.Text, "\n")
	if !ok {
		return nil
	}
	values := map[string]Value{}
	for i, line := range strings.Split(block, "\n") {
		name, value, _ := split(line)
		origin := s.Origin
		origin.Line = s.lines[i+1]
		values[name] = Value{Text: value, Origin: origin}
	}
	return values
}
