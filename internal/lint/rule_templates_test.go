package lint

import (
	"go/ast"
	"slices"
)

// templateRule: nothing that finds methods by their names at run time, as
// templates do. It would keep the linker from leaving out the methods that
// nobody calls, a sixth of the program.
func templateRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.code() {
			for name, spec := range imports(f) {
				if name == "text/template" || name == "html/template" {
					all = append(all, t.at(spec.Pos(), "%s makes the program larger", name))
				}
			}
			all = append(all, byName(t, f)...)
		}
	}
	return all
}

// byName finds the calls through which reflect, and templates in cobra, look
// for methods.
func byName(t *tree, f *file) []finding {
	calls := []string{"MethodByName", "SetVersionTemplate", "SetHelpTemplate", "SetUsageTemplate", "AddTemplateFunc", "AddTemplateFuncs"}
	var all []finding
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains(calls, s.Sel.Name) {
			all = append(all, t.at(s.Pos(), "%s makes the program larger", s.Sel.Name))
		}
		return true
	})
	return all
}
