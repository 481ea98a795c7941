package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// keyed are the values of config.yaml by their keys: the names of all levels in
// lower case, joined by dots. A value is a scalar as yaml.v3 decodes it, a
// []any, nil where nothing stands, or a subsection.
type keyed map[string]any

// subsection is a mapping in the place of a value. What it holds has keys of its
// own.
type subsection struct{}

func keyedBy(mapping map[string]any) keyed {
	values := keyed{}
	values.add("", mapping)
	return values
}

// add puts the values of a mapping below a prefix. A key that is there twice
// has been refused, unless a YAML merge brought it: then the one that sorts last
// counts, whatever the order in which Go gives them.
func (k keyed) add(prefix string, mapping map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(mapping)) {
		key := prefix + strings.ToLower(name)
		switch value := mapping[name].(type) {
		case map[string]any:
			k[key] = subsection{}
			k.add(key+".", value)
		case map[any]any: // a mapping with a key that is no text
			k[key] = subsection{}
			k.add(key+".", named(value))
		default:
			k[key] = value
		}
	}
}

// named is the mapping with the texts of its keys.
func named(mapping map[any]any) map[string]any {
	texts := map[string]any{}
	for name, value := range mapping {
		texts[fmt.Sprint(name)] = value
	}
	return texts
}

// keys are those of all values, sorted; a section's are those of what is in it.
func (k keyed) keys() []string {
	var found []string
	for key, value := range k {
		if value != (subsection{}) {
			found = append(found, key)
		}
	}
	slices.Sort(found)
	return found
}
