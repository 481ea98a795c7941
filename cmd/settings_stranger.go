package cmd

import (
	"slices"
	"strings"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/profile"
)

// stranger is a key of config.yaml that has no business there.
type stranger struct {
	key string
	at  fault.Origin
	err error
}

// strangers are those keys, sorted; one for a section that nobody knows.
func (f *settingsFile) strangers(table []setting) []stranger {
	if f == nil {
		return nil
	}
	var found []stranger
	keys := f.AllKeys()
	slices.Sort(keys)
	for _, key := range keys {
		if wrong := f.strange(key, table); wrong != nil && !slices.ContainsFunc(found, func(s stranger) bool { return s.key == wrong.key }) {
			found = append(found, *wrong)
		}
	}
	return found
}

// strange says what is wrong with a key; nil: nothing.
func (f *settingsFile) strange(key string, table []setting) *stranger {
	i := slices.IndexFunc(table, func(s setting) bool { return s.key == key })
	section, _, nested := strings.Cut(key, ".")
	switch {
	case isSection(key, table):
		if f.Get(key) == nil { // all of it is commented out
			return nil
		}
		return f.stranger(key, "is a section, and has a value", "write its settings below it, indented")
	case i < 0 && nested && !isSection(section, table):
		return f.unknown(section, key, table)
	case i < 0:
		return f.unknown(key, key, table)
	case table[i].envOnly:
		return f.stranger(key, "must not stand in config.yaml", "set the variable "+table[i].variable())
	}
	return nil
}

func isSection(key string, table []setting) bool {
	return slices.ContainsFunc(table, func(s setting) bool { return strings.HasPrefix(s.key, key+".") })
}

func (f *settingsFile) stranger(key, problem, fix string) *stranger {
	at := f.origin(key)
	return &stranger{key, at, fault.New(fault.InvalidValue, "setting %s %s", key, problem).At(at).Fix("%s", fix)}
}

// unknown is a key, or the section that it is in, that nobody knows.
func (f *settingsFile) unknown(name, key string, table []setting) *stranger {
	at := f.origin(name)
	return &stranger{name, at, fault.New(fault.InvalidValue, "unknown setting %s", name).At(at).Fix("%s", meantSetting(name, key, table))}
}

// meantSetting says what a name stands for that is no setting, or a key below
// a name that is no section.
func meantSetting(name, key string, table []setting) string {
	leaf := leafOf(key)
	if profile.IsSetting(leaf) && !slices.ContainsFunc(table, func(s setting) bool { return leafOf(s.key) == leaf }) {
		return leaf + " is a setting of a profile: put it into ~/.aws/config"
	}
	near := nearest.Names(sectionsOf(table), name)
	if name == key {
		near = nearest.Names(keysOf(table), key)
	}
	for _, others := range [][]string{nearest.Names(keysOf(table), leaf), withLeaf(table, leaf), nearest.Names(sectionsOf(table), name)} {
		if len(near) == 0 {
			near = others
		}
	}
	return nearest.Question(near, "see the names with: assume-role config")
}

func leafOf(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

func keysOf(table []setting) []string {
	var keys []string
	for _, entry := range table {
		keys = append(keys, entry.key)
	}
	return keys
}

// sectionsOf are the names that settings are indented below.
func sectionsOf(table []setting) []string {
	var sections []string
	for _, entry := range table {
		if section, _, nested := strings.Cut(entry.key, "."); nested && !slices.Contains(sections, section) {
			sections = append(sections, section)
		}
	}
	return sections
}

// withLeaf are the settings whose last word is nearest to one.
func withLeaf(table []setting, leaf string) []string {
	var leaves, found []string
	for _, entry := range table {
		leaves = append(leaves, leafOf(entry.key))
	}
	for _, near := range nearest.Names(leaves, leaf) {
		for _, entry := range table {
			if leafOf(entry.key) == near {
				found = append(found, entry.key)
			}
		}
	}
	return found
}
