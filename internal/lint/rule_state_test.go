package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// stateRule: a variable of a package is set once, where it is declared. It is
// never assigned, stepped, indexed into for writing, deleted from or pointed
// to, and it is no lock, counter or pool.
func stateRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		checked, info := t.resolve(p)
		global := func(e ast.Expr) (string, bool) { return globalVariable(checked, info, e) }
		for _, f := range p.code() {
			for _, decl := range f.ast.Decls {
				switch d := decl.(type) {
				case *ast.FuncDecl:
					all = append(all, writes(t, d, global)...)
				case *ast.GenDecl:
					all = append(all, locks(t, d)...)
				}
			}
		}
	}
	return all
}

// globalVariable returns the name of the package's variable that an
// expression writes through: x, x.f, x[i], (*x).
func globalVariable(p *types.Package, info *types.Info, e ast.Expr) (string, bool) {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			v, ok := info.Uses[x].(*types.Var)
			return x.Name, ok && v.Parent() == p.Scope()
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return "", false
		}
	}
}

func writes(t *tree, fn *ast.FuncDecl, global func(ast.Expr) (string, bool)) []finding {
	var all []finding
	written := func(at ast.Node, targets ...ast.Expr) {
		for _, target := range targets {
			if name, ok := global(target); ok {
				all = append(all, t.at(at.Pos(), "%s writes the package's variable %s", fn.Name.Name, name))
			}
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.AssignStmt:
			if s.Tok != token.DEFINE {
				written(s, s.Lhs...)
			}
		case *ast.IncDecStmt:
			written(s, s.X)
		case *ast.UnaryExpr:
			if s.Op == token.AND {
				written(s, s.X)
			}
		case *ast.CallExpr:
			if f, ok := s.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(s.Args) > 0 {
				written(s, s.Args[0])
			}
		}
		return true
	})
	return all
}

// locks finds variables that exist to be changed.
func locks(t *tree, d *ast.GenDecl) []finding {
	if d.Tok != token.VAR {
		return nil
	}
	var all []finding
	for _, spec := range d.Specs {
		v := spec.(*ast.ValueSpec)
		kind := selected(v.Type)
		if kind == "" && len(v.Values) == 1 {
			if lit, ok := v.Values[0].(*ast.CompositeLit); ok {
				kind = selected(lit.Type)
			}
		}
		if strings.HasPrefix(kind, "sync.") || strings.HasPrefix(kind, "atomic.") {
			all = append(all, t.at(v.Pos(), "the package's variable %s is a %s", v.Names[0].Name, kind))
		}
	}
	return all
}
