package lint

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rule looks at the whole tree and says what is wrong with it.
type rule struct {
	name  string
	check func(*tree) []finding
}

func rules() []rule {
	return []rule{
		{"layers", layerRule},
		{"outside", outsideRule},
		{"process", processRule},
		{"imports", sideEffectRule},
		{"state", stateRule},
		{"length", lengthRule},
		{"comments", commentRule},
		{"words", wordRule},
		{"interfaces", interfaceRule},
		{"lists", listRule},
		{"templates", templateRule},
		{"transports", transportRule},
	}
}

func TestRepository(t *testing.T) {
	t.Parallel()
	tr := load(t, filepath.Join("..", ".."))
	if len(tr.pkgs) < 10 {
		t.Fatalf("only %d packages were found", len(tr.pkgs))
	}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, found := range r.check(tr) {
				t.Error(found)
			}
		})
	}
}

// TestRulesCanFail runs each rule over its bad sample: it must find something
// on each line that says so, and on no other.
func TestRulesCanFail(t *testing.T) {
	t.Parallel()
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			tr := load(t, filepath.Join("testdata", r.name))
			want := wanted(tr)
			if len(want) == 0 {
				t.Fatal("the sample marks nothing")
			}
			for _, found := range r.check(tr) {
				i := slices.IndexFunc(want, func(w finding) bool {
					return w.file == found.file && w.line == found.line && strings.Contains(found.text, w.text)
				})
				if i < 0 {
					t.Errorf("found what is not marked: %s", found)
					continue
				}
				want = slices.Delete(want, i, i+1)
			}
			for _, missed := range want {
				t.Errorf("not found: %s", missed)
			}
		})
	}
}

// wanted reads the `want "text"` marks of a sample.
func wanted(tr *tree) []finding {
	mark := regexp.MustCompile(`want "([^"]+)"`)
	var all []finding
	for _, p := range tr.pkgs {
		for _, f := range p.files {
			for _, group := range f.ast.Comments {
				for _, c := range group.List {
					for _, m := range mark.FindAllStringSubmatch(c.Text, -1) {
						all = append(all, tr.at(c.Pos(), "%s", m[1]))
					}
				}
			}
		}
	}
	return all
}
