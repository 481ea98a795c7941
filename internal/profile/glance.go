package profile

import "slices"

// NamesWhere returns the names for which keep holds of all profiles of both
// files, sorted, and reads no values: Names for who wants few of ten thousand,
// and looks none of them up.
func (c *Config) NamesWhere(keep func(name string) bool) []string {
	var names []string
	for _, d := range c.documents() {
		names = slices.Grow(names, len(d.sections))
		for _, s := range d.sections {
			if s.isProfile() && keep(s.name) {
				names = append(names, s.name)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *Config) documents() [2]*document { return [...]*document{c.config, c.credentials} }

func (s section) isProfile() bool { return s.kind == profileSection || s.kind == bareDefault }

// Glance returns the profiles of those names as far as they tell themselves
// apart: each with its own values of both files, with no origins, and without
// what it includes. It goes over the sections once and is what completion and
// other lists of names need; Profile is what a chain is made of. A name that
// is no profile's is left out.
func (c *Config) Glance(names []string) []*Profile {
	found := make(map[string]*[2][]section, len(names))
	for _, name := range names {
		found[name] = &[2][]section{}
	}
	for i, d := range c.documents() {
		for _, s := range d.sections {
			if of, ok := found[s.name]; ok && s.isProfile() {
				of[i] = append(of[i], s)
			}
		}
	}
	var all []*Profile
	for _, name := range names {
		if of := found[name]; len(of[0])+len(of[1]) > 0 {
			all = append(all, &Profile{Name: name, settings: merge(c.config.skim(of[0]), c.credentials.skim(of[1]))})
		}
	}
	return all
}

// skim reads the values of a profile's sections without their places.
func (d *document) skim(sections []section) settings {
	values := settings{}
	replaced := slices.ContainsFunc(sections, func(s section) bool { return s.kind == profileSection })
	for _, s := range sections {
		if replaced && s.kind == bareDefault {
			continue
		}
		eachSetting(d.text[s.start:s.end], s.line, func(p pending) {
			values[p.name] = setting{Value: Value{Text: p.value + string(p.rest)}}
		})
	}
	return values
}

// Values returns what profiles say for one setting, each text once, sorted. It
// goes over the files once and parses nothing else.
func (c *Config) Values(key string) []string {
	var values []string
	for _, d := range c.documents() {
		for _, s := range d.sections {
			if !s.isProfile() {
				continue
			}
			eachSetting(d.text[s.start:s.end], s.line, func(p pending) {
				if p.name == key && p.value != "" {
					values = append(values, p.value+string(p.rest))
				}
			})
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}
