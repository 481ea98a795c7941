package lint

import "go/ast"

// interfaceRule: an interface is one or two methods.
func interfaceRule(t *tree) []finding {
	const most = 2
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.code() {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if i, ok := n.(*ast.InterfaceType); ok && i.Methods.NumFields() > most {
					all = append(all, t.at(i.Pos(), "an interface of %d methods, more than %d", i.Methods.NumFields(), most))
				}
				return true
			})
		}
	}
	return all
}
