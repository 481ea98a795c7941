package lint

import (
	"slices"
	"strings"
)

// sdkLoader reads the user's files and variables by the SDK's own rules. No
// package may have it: clients are built from what package profile resolved.
const sdkLoader = "github.com/aws/aws-sdk-go-v2/config"

// outsideRule: each module from outside is used where the table says so, and
// nowhere else.
func outsideRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		l, _ := layerOf(p.path)
		for _, f := range p.code() {
			for name, spec := range imports(f) {
				if within(name)(sdkLoader) {
					all = append(all, t.at(spec.Pos(), "%s imports the SDK's loader %s", p.path, name))
					continue
				}
				if _, ours := local(name); !ours && fromOutside(name) && !slices.ContainsFunc(l.outside, within(name)) {
					all = append(all, t.at(spec.Pos(), "%s imports %s, which layers_test.go does not give it", p.path, name))
				}
			}
		}
	}
	return all
}

// fromOutside tells a module's path from the standard library's: its first
// element has a dot.
func fromOutside(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return strings.Contains(first, ".")
}

func within(name string) func(string) bool {
	return func(mod string) bool { return name == mod || strings.HasPrefix(name, mod+"/") }
}
