package lint

import (
	"go/ast"
	"slices"
	"strings"
)

// processRule: the process's streams, environment, clock and end belong to
// main and cmd. Everything below gets what it needs handed in.
func processRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		if mayTouchProcess(p.path) {
			continue
		}
		for _, f := range p.code() {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if name := selected(n); slices.ContainsFunc(processNames(), func(s string) bool { return name == s }) || strings.HasPrefix(name, "fmt.Print") {
					all = append(all, t.at(n.Pos(), "%s in %s: only main and cmd touch the process", name, p.path))
				}
				return true
			})
		}
	}
	return all
}

// mayTouchProcess names the exceptions: the programs; the package that undoes
// an import's side effect before anything else runs; and the tests' AWS, whose
// clock starts from the real one.
func mayTouchProcess(path string) bool {
	return path == "." || path == "cmd" || path == demo || path == recorder || path == "cmd/pages" || path == "cmd/plots" || path == fake || path == "internal/keystore/nodbus"
}

func processNames() []string {
	return []string{
		"os.Exit", "os.Getenv", "os.LookupEnv", "os.Environ", "os.Setenv", "os.Unsetenv", "os.ExpandEnv",
		"os.Stdin", "os.Stdout", "os.Stderr", "os.Args", "os.UserHomeDir", "os.UserConfigDir", "os.UserCacheDir", "os.TempDir",
		"time.Now", "time.Since", "time.Until", "log.Print", "log.Printf", "log.Println", "log.Fatal", "log.Fatalf",
	}
}

// selected returns "pkg.Name" for a selector of two identifiers, else "".
func selected(n ast.Node) string {
	s, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := s.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + s.Sel.Name
}
