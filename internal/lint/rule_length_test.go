package lint

import (
	"go/ast"
	"slices"
	"testing"
)

// Limits on the lines of a function, from `func` to its closing brace.
const (
	longest      = 60
	longestUsual = 10
)

// lengthRule: no function is longer than one screen.
func lengthRule(t *tree) []finding {
	var all []finding
	for _, p := range t.pkgs {
		for _, f := range p.code() {
			for _, fn := range functions(f) {
				if n := t.lines(fn); n > longest {
					all = append(all, t.at(fn.Pos(), "%s has %d lines, more than %d", fn.Name.Name, n, longest))
				}
			}
		}
	}
	return all
}

func functions(f *file) []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, decl := range f.ast.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			all = append(all, fn)
		}
	}
	return all
}

// TestFigures reports the figures of the whole and holds the median length
// and the share of test code.
func TestFigures(t *testing.T) {
	t.Parallel()
	tr := load(t, "../..")
	var code, tests []int
	codeLines, testLines := 0, 0
	for _, p := range tr.pkgs {
		for _, f := range p.files {
			counts, sum := &code, &codeLines
			if f.test || p.path == fake {
				counts, sum = &tests, &testLines
			}
			*sum += tr.lines(f.ast)
			for _, fn := range functions(f) {
				*counts = append(*counts, tr.lines(fn))
			}
		}
	}
	report(t, "code", codeLines, code)
	report(t, "tests", testLines, tests)
	if m := median(code); m > longestUsual {
		t.Errorf("the median function has %d lines, more than %d", m, longestUsual)
	}
	if testLines < codeLines {
		t.Errorf("%d lines of tests for %d lines of code: there should be at least as many", testLines, codeLines)
	}
}

func report(t *testing.T, what string, lines int, lengths []int) {
	t.Helper()
	t.Logf("%s: %d lines, %d functions, median %d, longest %d", what, lines, len(lengths), median(lengths), slices.Max(lengths))
}

func median(n []int) int {
	slices.Sort(n)
	return n[len(n)/2]
}

func TestMedian(t *testing.T) {
	t.Parallel()
	if got := median([]int{9, 1, 5}); got != 5 {
		t.Errorf("median = %d", got)
	}
}
