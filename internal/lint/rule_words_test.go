package lint

import (
	"path"
	"regexp"
	"slices"
)

// wordRule: nothing is left for later, and a package is named for what it
// does. Tests are read, too.
func wordRule(t *tree) []finding {
	later := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	vague := []string{"util", "utils", "common", "helper", "helpers", "manager", "misc", "base", "shared"}
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.files {
			if slices.Contains(vague, f.ast.Name.Name) || slices.Contains(vague, path.Base(p.path)) {
				all = append(all, t.at(f.ast.Package, "a package named %s says nothing", f.ast.Name.Name))
			}
			for _, group := range f.ast.Comments {
				for _, c := range group.List {
					if word := later.FindString(c.Text); word != "" {
						all = append(all, t.at(c.Pos(), "%s: do it or drop it", word))
					}
				}
			}
		}
	}
	return all
}
