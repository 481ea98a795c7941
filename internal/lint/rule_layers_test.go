package lint

// fake is the AWS of the tests; demo and recorder are the two programs that may
// contain it.
const (
	fake     = "internal/awsfake"
	demo     = "cmd/demo"
	recorder = "cmd/record"
)

// layerRule: a package imports lower ranks only; the tests' AWS is in no
// program but the demo and the recorder. Tests may import what they like.
func layerRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		from, ok := layerOf(p.path)
		if !ok {
			all = append(all, t.at(p.files[0].ast.Package, "package %s has no rank: add it to layers_test.go and docs/architecture.md", p.path))
			continue
		}
		for _, f := range p.code() {
			for name, spec := range imports(f) {
				to, ok := local(name)
				if !ok {
					continue
				}
				if wrong := wrongImport(from, to); wrong != "" {
					all = append(all, t.at(spec.Pos(), "%s imports %s: %s", p.path, to, wrong))
				}
			}
		}
	}
	return all
}

func wrongImport(from layer, to string) string {
	if (from.path == demo || from.path == recorder) && to == fake {
		return ""
	}
	target, ok := layerOf(to)
	switch {
	case !ok:
		return "which has no rank"
	case target.rank >= from.rank:
		return "which is not of a lower rank"
	}
	return ""
}
