package profile

import (
	"strconv"
	"strings"
)

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
	numbers := s.more
	for line := range strings.SplitSeq(block, "\n") {
		name, value, _ := split(line)
		origin := s.Origin
		origin.Line, numbers = cutNumber(numbers)
		values[name] = Value{Text: value, Origin: origin}
	}
	return values
}

func cutNumber(numbers string) (first int, rest string) {
	text, rest, _ := strings.Cut(numbers, " ")
	first, _ = strconv.Atoi(text)
	return first, rest
}
