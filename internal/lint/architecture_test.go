package lint

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestArchitecturePage keeps the table of docs/architecture.md and the one
// here the same, and both complete.
func TestArchitecturePage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := parseLayers(string(page))
	want := fmt.Sprint(layers())
	if got := fmt.Sprint(documented); got != want {
		t.Errorf("docs/architecture.md has\n%s\nbut layers_test.go has\n%s", got, want)
	}
	pkgs := load(t, "../..").pkgs
	for _, l := range layers() {
		if !slices.ContainsFunc(pkgs, func(p *pkg) bool { return p.path == l.path }) {
			t.Errorf("the tables have %s, which does not exist", l.path)
		}
	}
}

// parseLayers reads rows such as "| 1 | `internal/exec` | … | `golang.org/x/sys` |".
func parseLayers(page string) []layer {
	quoted := regexp.MustCompile("`([^`]+)`")
	var all []layer
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 {
			continue
		}
		rank, err := strconv.Atoi(strings.TrimSpace(cells[1]))
		if err != nil {
			continue
		}
		l := layer{rank: rank, path: strings.Trim(cells[2], " `")}
		for _, m := range quoted.FindAllStringSubmatch(cells[4], -1) {
			l.outside = append(l.outside, m[1])
		}
		all = append(all, l)
	}
	return all
}

func TestParseLayers(t *testing.T) {
	t.Parallel()
	got := parseLayers("| rank | package | does | from outside |\n| --- | --- | --- | --- |\n| 1 | `internal/exec` | runs | `a/b` `c/d` |\n")
	if want := "[{1 internal/exec [a/b c/d]}]"; fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}
