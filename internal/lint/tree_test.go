package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// module is the module's path, as go.mod has it.
const module = "assume-role"

// tree is every Go file of the module, parsed, whatever its build tags say.
type tree struct {
	fset *token.FileSet
	pkgs []*pkg
}

// pkg is the files of one folder.
type pkg struct {
	// path is relative to the module's root; "." is the root.
	path  string
	name  string
	files []*file
}

// file is one Go file.
type file struct {
	// path is relative to the module's root.
	path string
	test bool
	ast  *ast.File
}

// code returns the files that are not tests.
func (p *pkg) code() []*file {
	return slices.DeleteFunc(slices.Clone(p.files), func(f *file) bool { return f.test })
}

// finding is what a rule found at a line.
type finding struct {
	file string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

func (t *tree) at(pos token.Pos, format string, args ...any) finding {
	p := t.fset.Position(pos)
	return finding{p.Filename, p.Line, fmt.Sprintf(format, args...)}
}

// lines is how many lines a node takes.
func (t *tree) lines(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

// load parses the tree below root. Folders that the go command ignores and
// other modules are left out.
func load(t *testing.T, root string) *tree {
	t.Helper()
	tr := &tree{fset: token.NewFileSet()}
	byPath := map[string]*pkg{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if skipDir(name, rel) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") {
			return nil
		}
		return tr.parse(byPath, name, rel)
	})
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func skipDir(name, rel string) bool {
	base := path.Base(rel)
	if rel == "." {
		return false
	}
	if base == "testdata" || base == "bin" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(name, "go.mod"))
	return err == nil
}

func (t *tree) parse(byPath map[string]*pkg, name, rel string) error {
	src, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.fset, rel, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	dir := path.Dir(rel)
	p := byPath[dir]
	if p == nil {
		p = &pkg{path: dir}
		byPath[dir] = p
		t.pkgs = append(t.pkgs, p)
	}
	test := strings.HasSuffix(rel, "_test.go")
	if p.name == "" || !test {
		p.name = parsed.Name.Name
	}
	p.files = append(p.files, &file{path: rel, test: test, ast: parsed})
	return nil
}

// resolve tells which object each identifier of the package's code means. No
// import is loaded: names of other packages stay unknown, which no rule needs.
func (t *tree) resolve(p *pkg) (*types.Package, *types.Info) {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	var files []*ast.File
	for _, f := range p.code() {
		files = append(files, f.ast)
	}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	checked, _ := config.Check(p.path, t.fset, files, info)
	return checked, info
}

// noImports fails every import.
type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	return nil, fmt.Errorf("%s is not loaded", path)
}

// imports yields each import of a file as its path and its place.
func imports(f *file) func(yield func(string, *ast.ImportSpec) bool) {
	return func(yield func(string, *ast.ImportSpec) bool) {
		for _, spec := range f.ast.Imports {
			if !yield(strings.Trim(spec.Path.Value, `"`), spec) {
				return
			}
		}
	}
}

// local returns the path inside the module that an import names.
func local(importPath string) (string, bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}
