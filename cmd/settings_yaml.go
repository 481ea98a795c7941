package cmd

import (
	"iter"
	"strings"

	"go.yaml.in/yaml/v3"

	"assume-role/internal/fault"
)

// origin is the place of a key.
func (f *settingsFile) origin(key string) fault.Origin {
	name, _ := nodeOf(f.root, key)
	return f.at(name)
}

// at is the place of a node; nil: the file as a whole.
func (f *settingsFile) at(node *yaml.Node) fault.Origin {
	at := fault.Origin{File: "config.yaml", Path: f.path}
	if node != nil {
		at.Line = node.Line
	}
	return at
}

// nodeOf finds a key, its levels joined by dots, in a mapping; nil where it is
// not. Case does not count, as for viper.
func nodeOf(mapping *yaml.Node, key string) (name, value *yaml.Node) {
	for name, value := range pairs(mapping) {
		if strings.EqualFold(name.Value, key) {
			return name, value
		}
		if len(key) > len(name.Value) && strings.EqualFold(key[:len(name.Value)+1], name.Value+".") {
			if name, value := nodeOf(value, key[len(name.Value)+1:]); name != nil {
				return name, value
			}
		}
	}
	return nil, nil
}

// pairs are the keys of a mapping and their values; other nodes have none.
func pairs(mapping *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(name, value *yaml.Node) bool) {
		if mapping.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(mapping.Content); i += 2 {
			if !yield(mapping.Content[i], mapping.Content[i+1]) {
				return
			}
		}
	}
}

// saidTwice is the name of a key that stands in the file twice; nil: none does.
// YAML notices only what is written alike: of keys that differ in case, or of
// which one has its section before a dot, chance would choose.
func saidTwice(root *yaml.Node) *yaml.Node {
	return saidTwiceBelow("", root, map[string]bool{})
}

func saidTwiceBelow(section string, mapping *yaml.Node, seen map[string]bool) *yaml.Node {
	for name, value := range pairs(mapping) {
		key := section + strings.ToLower(name.Value)
		if seen[key] {
			return name
		}
		seen[key] = true
		if below := saidTwiceBelow(key+".", value, seen); below != nil {
			return below
		}
	}
	return nil
}
