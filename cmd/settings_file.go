package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"

	"assume-role/internal/fault"
	"assume-role/internal/nearest"
	"assume-role/internal/profile"
	"assume-role/internal/securefile"
)

// settingsFile is a config.yaml. A nil one says nothing.
type settingsFile struct {
	path string
	text []byte
	*viper.Viper
}

// settingsLimit is far above the size of every setting at its longest, in bytes.
const settingsLimit = 1 << 20

// readSettingsFile returns nil where there is no file.
func readSettingsFile(path string) (*settingsFile, error) {
	data, err := securefile.Read(path, settingsLimit)
	if securefile.Missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.FileUnreadable, "cannot read the settings in %s", path).Fix("make it readable, or move it away").Because(err)
	}
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return nil, fault.New(fault.ParseError, "%s is not valid YAML%s", path, yamlLine(err)).Fix("mend the line").Because(err)
	}
	return &settingsFile{path, data, v}, nil
}

// yamlLine is " (line N)" when the parser's error tells it. The rest of that
// error may quote the file, and is left out.
func yamlLine(err error) string {
	var line int
	for _, word := range strings.SplitAfter(err.Error(), "line ")[1:] {
		if _, scan := fmt.Sscanf(word, "%d", &line); scan == nil {
			return fmt.Sprintf(" (line %d)", line)
		}
	}
	return ""
}

// says is what the file says of a setting, or else the default.
func (f *settingsFile) says(entry setting) (said, error) {
	if f == nil || !f.IsSet(entry.key) {
		return said{text: entry.fallback, from: fromDefault}, nil
	}
	text, err := f.value(entry)
	says := said{text: text, from: fromFile}
	if err != nil {
		says.at = f.origin(entry.key)
		return says, says.refused(entry, err)
	}
	return says, nil
}

// value is a setting of config.yaml as text; a list is joined by commas.
func (f *settingsFile) value(entry setting) (string, error) {
	switch value := f.Get(entry.key).(type) {
	case nil:
		return "", nil
	case []any:
		if !entry.list {
			return "", errors.New("must be one value, not a list")
		}
		return strings.Join(f.GetStringSlice(entry.key), ","), nil
	case map[string]any:
		return "", errors.New("must be a value, not a section")
	default:
		return fmt.Sprint(value), nil
	}
}

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

// origin is the place of a key. It reads the file a second time, which only a
// message or `config` needs.
func (f *settingsFile) origin(key string) fault.Origin {
	at := fault.Origin{File: "config.yaml", Path: f.path}
	var document yaml.Node
	if yaml.Unmarshal(f.text, &document) == nil && len(document.Content) > 0 {
		at.Line = lineOf(document.Content[0], key)
	}
	return at
}

// lineOf is where a key stands in a mapping, its levels joined by dots; 0
// where it does not. Case does not count, as for viper.
func lineOf(mapping *yaml.Node, key string) int {
	for i := 0; i+1 < len(mapping.Content) && mapping.Kind == yaml.MappingNode; i += 2 {
		name, value := mapping.Content[i], mapping.Content[i+1]
		if strings.EqualFold(name.Value, key) {
			return name.Line
		}
		if len(key) > len(name.Value) && strings.EqualFold(key[:len(name.Value)+1], name.Value+".") {
			if line := lineOf(value, key[len(name.Value)+1:]); line > 0 {
				return line
			}
		}
	}
	return 0
}
