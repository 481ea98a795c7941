package lint

import (
	"go/ast"
	"strings"
)

// commentRule: every package and every exported name says what it promises.
func commentRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if len(p.code()) > 0 && !hasPackageComment(p) {
			all = append(all, t.at(p.code()[0].ast.Package, "package %s has no comment", p.name))
		}
		for _, f := range p.code() {
			for _, decl := range f.ast.Decls {
				for _, name := range uncommented(decl) {
					all = append(all, t.at(name.Pos(), "%s has no comment", name.Name))
				}
			}
		}
	}
	return all
}

func hasPackageComment(p *pkg) bool {
	for _, f := range p.code() {
		if f.ast.Doc == nil {
			continue
		}
		text := f.ast.Doc.Text()
		if p.name == "main" && text != "" || strings.HasPrefix(text, "Package "+p.name+" ") {
			return true
		}
	}
	return false
}

func uncommented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && ast.IsExported(receiver(d)) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		return uncommentedSpecs(d)
	}
	return nil
}

// receiver returns the name of a method's type. A function counts as exported.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return "Function"
	}
	e := d.Recv.List[0].Type
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// uncommentedSpecs accepts one comment for a group of constants or variables.
func uncommentedSpecs(d *ast.GenDecl) []*ast.Ident {
	var all []*ast.Ident
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && s.Doc == nil && (d.Doc == nil || d.Lparen.IsValid()) {
				all = append(all, s.Name)
			}
		case *ast.ValueSpec:
			for _, name := range s.Names {
				if name.IsExported() && d.Doc == nil && s.Doc == nil && s.Comment == nil {
					all = append(all, name)
				}
			}
		}
	}
	return all
}
