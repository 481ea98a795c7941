package docs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRules: every row of docs/aws-rules.md, and of the attacks in
// docs/threat-model.md, names what holds it, and each of those exists.
func TestRules(t *testing.T) {
	t.Parallel()
	known := holders(t)
	for page, least := range map[string]int{"docs/aws-rules.md": 90, "docs/threat-model.md": 15} {
		rows := 0
		for number, line := range strings.Split(readText(t, root+"/"+page), "\n") {
			cells := tableRow(line)
			if cells == nil {
				continue
			}
			rows++
			named := regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[len(cells)-1], -1)
			if len(named) == 0 {
				t.Errorf("%s:%d: no test holds it", page, number+1)
			}
			for _, m := range named {
				if !known[m[1]] {
					t.Errorf("%s:%d: there is no %s", page, number+1, m[1])
				}
			}
		}
		if rows < least {
			t.Errorf("%s: only %d rows were read", page, rows)
		}
	}
}

// tableRow returns the cells of a table's row, nil for its head and for what
// is no table.
func tableRow(line string) []string {
	inside, ok := strings.CutPrefix(line, "| ")
	if !ok || strings.HasPrefix(inside, "---") || strings.HasSuffix(inside, "| held by |") {
		return nil
	}
	return strings.Split(strings.TrimSuffix(inside, " |"), " | ")
}

func TestTableRow(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]int{"| a | b | `c` |": 3, "| --- | --- |": 0, "| rule | here | held by |": 0, "text": 0, "": 0} {
		if got := tableRow(line); len(got) != want {
			t.Errorf("%q: %q", line, got)
		}
	}
}

// holders are the names of everything that can hold a rule, as the page
// writes them.
func holders(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	testdata := root + "/internal/profile/testdata/"
	for _, kind := range []string{"parse", "lints"} {
		for _, file := range glob(t, testdata+kind+"/*.json") {
			for _, name := range vectorNames(t, file) {
				known[fmt.Sprintf("%s/%s: %s", kind, stem(file), name)] = true
			}
		}
	}
	request := regexp.MustCompile(`(?m)^-- request (.*) --$`)
	for _, file := range glob(t, testdata+"chains/*.txtar") {
		for _, m := range request.FindAllStringSubmatch(readText(t, file), -1) {
			known[fmt.Sprintf("chains/%s: %s", stem(file), m[1])] = true
		}
	}
	for _, folder := range glob(t, testdata+"real/*/config") {
		known["real/"+filepath.Base(filepath.Dir(folder))] = true
	}
	for _, file := range glob(t, root+"/cmd/testdata/script/*.txtar") {
		known["script/"+stem(file)] = true
	}
	addTests(t, known)
	return known
}

func addTests(t *testing.T, known map[string]bool) {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, file := range append(glob(t, root+"/internal/*/*_test.go"), glob(t, root+"/cmd/*_test.go")...) {
		for _, m := range declared.FindAllStringSubmatch(readText(t, file), -1) {
			known[m[1]] = true
		}
	}
}

func vectorNames(t *testing.T, file string) []string {
	t.Helper()
	var vectors []struct{ Name string }
	if err := json.Unmarshal([]byte(readText(t, file)), &vectors); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var names []string
	for _, v := range vectors {
		names = append(names, v.Name)
	}
	return names
}

func stem(file string) string {
	name := filepath.Base(file)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: nothing there, %v", pattern, err)
	}
	return files
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
