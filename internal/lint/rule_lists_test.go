package lint

import (
	"go/ast"
	"go/types"
	"path"
	"strings"
)

// listRule: what is one file each is in the list, too. A file source_NAME.go
// of internal/assume declares something that sources.go uses; format_NAME.go
// of internal/output, something that formats.go uses; driver_NAME.go of
// internal/mfa, something that drivers.go uses; shell_NAME.go of
// internal/shells, one that shells.go lists; doctor_NAME.go of cmd, a check
// that doctor_checks.go lists.
func listRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, l := range []struct{ path, prefix, list string }{
			{"internal/assume", "source_", "sources.go"},
			{"internal/output", "format_", "formats.go"},
			{"internal/mfa", "driver_", "drivers.go"},
			{"internal/shells", "shell_", "shells.go"},
			{"cmd", "doctor_", "doctor_checks.go"},
		} {
			if p.path == l.path {
				all = append(all, unlisted(t, p, l.prefix, l.list)...)
			}
		}
	}
	return all
}

func unlisted(t *tree, p *pkg, prefix, list string) []finding {
	_, info := t.resolve(p)
	used := map[types.Object]bool{}
	found := false
	for _, f := range p.code() {
		if path.Base(f.path) == list {
			found = true
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && info.Uses[id] != nil {
					used[info.Uses[id]] = true
				}
				return true
			})
		}
	}
	if !found {
		return []finding{t.at(p.files[0].ast.Package, "%s has no %s", p.path, list)}
	}
	var all []finding
	for _, f := range p.code() {
		if strings.HasPrefix(path.Base(f.path), prefix) && !declaresOne(f, info, used) {
			all = append(all, t.at(f.ast.Package, "%s is not listed in %s", path.Base(f.path), list))
		}
	}
	return all
}

// declaresOne reports whether a top-level name of the file is among the used.
func declaresOne(f *file, info *types.Info, used map[types.Object]bool) bool {
	for _, decl := range f.ast.Decls {
		found := false
		ast.Inspect(decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && used[info.Defs[id]] {
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}
