package lint

import (
	"go/ast"
	"go/token"
	"slices"
)

// sideEffects is the one package whose import may do something.
const sideEffects = "internal/keystore/nodbus"

// sideEffectRule: importing a package does nothing. No init function, no
// import for its effect, nothing compiled or parsed before main.
func sideEffectRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if p.path == sideEffects {
			continue
		}
		for _, f := range p.code() {
			all = append(all, blankImports(t, f)...)
			for _, decl := range f.ast.Decls {
				all = append(all, initWork(t, decl)...)
			}
		}
	}
	return all
}

func blankImports(t *tree, f *file) []finding {
	var all []finding
	for name, spec := range imports(f) {
		if spec.Name != nil && spec.Name.Name == "_" && name != "embed" && name != module+"/"+sideEffects {
			all = append(all, t.at(spec.Pos(), "%s is imported for a side effect", name))
		}
	}
	return all
}

func initWork(t *tree, decl ast.Decl) []finding {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.Name == "init" && d.Recv == nil {
			return []finding{t.at(d.Pos(), "func init: do it where it is needed")}
		}
	case *ast.GenDecl:
		if d.Tok == token.VAR {
			return compiledEarly(t, d)
		}
	}
	return nil
}

// compiledEarly finds the calls that cost time before main, outside function
// literals, which run later.
func compiledEarly(t *tree, d *ast.GenDecl) []finding {
	slow := []string{"regexp.MustCompile", "regexp.MustCompilePOSIX", "template.Must", "os.Getenv", "os.LookupEnv", "time.Now"}
	var all []finding
	ast.Inspect(d, func(n ast.Node) bool {
		if _, later := n.(*ast.FuncLit); later {
			return false
		}
		if name := selected(n); slices.Contains(slow, name) {
			all = append(all, t.at(n.Pos(), "%s before main: use sync.OnceValue, or plain code", name))
		}
		return true
	})
	return all
}
