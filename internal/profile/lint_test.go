package profile

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// lintVector is two files and what other programs read otherwise in them.
type lintVector struct {
	Name                string
	Config, Credentials []string
	// Lints are "file:line rule profile".
	Lints []string
}

func lintVectors(t testing.TB) []lintVector {
	t.Helper()
	files, err := filepath.Glob("testdata/lints/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	var all []lintVector
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var vectors []lintVector
		if err := json.Unmarshal(text, &vectors); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, vectors...)
	}
	return all
}

func TestLints(t *testing.T) {
	t.Parallel()
	for _, v := range lintVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			t.Parallel()
			c := mustLoad(t, strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\n"))
			var got []string
			for _, l := range c.Lints() {
				got = append(got, fmt.Sprintf("%s:%d %s %s", l.Origin.File, l.Origin.Line, l.Rule, l.Profile))
				checkLint(t, l)
			}
			diff(t, "lints", v.Lints, got)
		})
	}
}

// checkLint holds the form of a lint, and that it shows no secret.
func checkLint(t *testing.T, l Lint) {
	t.Helper()
	text := l.String()
	switch {
	case l.Message == "" || l.Fix == "" || strings.Contains(text, "\n"):
		t.Errorf("not one line with a message and a fix: %q", text)
	case !strings.Contains(text, fmt.Sprintf("%s:%d", l.Origin.File, l.Origin.Line)):
		t.Errorf("does not say where: %s", text)
	case strings.Contains(text, canary):
		t.Errorf("shows a secret: %s", text)
	}
}

// TestEveryLintHasAVector looks for the rules' names in the code.
func TestEveryLintHasAVector(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("lint_*.go")
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]bool{}
	for _, v := range lintVectors(t) {
		for _, l := range v.Lints {
			held[strings.Fields(l)[1]] = true
		}
	}
	rule := regexp.MustCompile(`\.add\((?:number|1)?(?:, )?"([a-z-]+)"`)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rule.FindAllStringSubmatch(string(text), -1) {
			found++
			if !held[m[1]] {
				t.Errorf("%s: no vector holds the rule %s", file, m[1])
			}
		}
	}
	if found < 25 {
		t.Errorf("only %d rules were found in the code", found)
	}
}

func TestLintsOfAChain(t *testing.T) {
	t.Parallel()
	c := mustLoad(t, strings.Join([]string{
		"\ufeff[DEFAULT]", "[profile a]", "region = x # c", "role_arn = arn:aws:iam::111122223333:role/R", "source_profile = b",
		"[profile b]", "sso_session = s # c", "sso_account_id = 111122223333", "sso_role_name = r",
		"[sso-session s]", "sso_region = eu-west-1 # c", "sso_start_url = https://x.awsapps.com/start",
		"[profile other]", "region = x # c", "[profile other]", "[sso-session other]", "sso_region = x # c", "[dev]",
	}, "\n"), "[other]\nx = 1 # c\n")
	chain, err := Resolve(c, Request{Profile: "a", Overrides: Overrides{Region: "eu-west-1"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range c.LintsOf(chain) {
		got = append(got, fmt.Sprintf("%d %s", l.Origin.Line, l.Rule))
	}
	diff(t, "lints", []string{"1 byte-order-mark", "1 capital-default", "3 inline-comment", "7 inline-comment", "11 inline-comment"}, got)
}

// TestLintsOfAProfileAreItsPart: what is said of one profile is what is said of
// it among all, on every vector.
func TestLintsOfAProfileAreItsPart(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, v := range lintVectors(t) {
		c := inMemory(strings.Join(v.Config, "\n"), strings.Join(v.Credentials, "\n"))
		if c == nil {
			continue // that it is refused is another test's
		}
		for _, name := range c.Names() {
			var want []Lint
			for _, l := range c.Lints() {
				if l.Profile == name || l.Rule == "capital-default" || l.Rule == "byte-order-mark" {
					want = append(want, l)
				}
			}
			compared += len(want)
			diff(t, fmt.Sprintf("%q of %q", name, v.Config), want, c.LintsOf(&Chain{Profile: name}))
		}
	}
	if compared < 20 {
		t.Errorf("only %d places were compared", compared)
	}
}
